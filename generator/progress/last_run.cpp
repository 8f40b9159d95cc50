#include "progress/last_run.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What changes when a file is written anew.
std::string signature_of(const fs::path& path) {
  struct stat status {};

  if (stat(path.c_str(), &status) != 0) {
    return "";
  }
  return fmt::format("{}.{}.{}.{}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size,
                     status.st_ino);
}

std::string signature_of(const ResultFiles& files) {
  std::string signature;
  for (const auto* paths : {&files.last_test_log, &files.test_xml}) {
    for (const fs::path& path : *paths) {
      signature += signature_of(path) + ';';
    }
  }
  return signature;
}

constexpr std::size_t k_note_lines = 3;

/// The profile, the settings (`encoding=cbor;...`) and what CTest has written, a line each.
std::string note_text(const LoadedAs& loaded, const std::string& signature) {
  std::vector<std::string> settings;
  for (const auto& [axis, value] : loaded.settings) {
    settings.push_back(fmt::format("{}={}", axis, value));
  }
  return fmt::format("{}\n{}\n{}\n", loaded.profile, join(settings, ";"), signature);
}

LoadedAs loaded_as(const std::vector<std::string>& lines) {
  LoadedAs loaded{lines[0], {}};
  for (const std::string& setting : split(lines[1], ';')) {
    if (const std::size_t equals = setting.find('='); equals != std::string::npos) {
      loaded.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
  }
  return loaded;
}

} // namespace

PlanAs plans_of(const ProjectOptions& project) {
  return [project](const LoadedAs& loaded) {
    ProjectOptions other = project;
    other.profile = loaded.profile;
    other.overrides = loaded.settings;
    return load_plan(other);
  };
}

Result<IntakeOutcome> take_in_last_run(const Plan& plan, const Assignment& settings, const PlanAs& plan_as,
                                       Milliseconds patience) {
  const fs::path& state = plan.suite.places.state;
  const fs::path note = state / "last-load";
  const ResultFiles files = files_of_build(state.parent_path().parent_path());
  const std::string signature = signature_of(files);
  const LoadedAs current{plan.suite.profile, settings};
  const auto noted = read_file(note);
  const std::vector<std::string> lines = split_lines(noted ? *noted : "");
  const std::string now = note_text(current, signature);
  if (noted && *noted == now) {
    return IntakeOutcome();
  }
  const auto take = [&]() -> Result<IntakeOutcome> {
    if (lines.size() != k_note_lines || lines.back() == signature) {
      return IntakeOutcome();
    }
    const LoadedAs loaded = loaded_as(lines);
    if (loaded == current) {
      return take_in(plan, files, IntakeApplies::new_results, patience);
    }
    const auto other = plan_as(loaded);
    return other ? take_in(*other, files, IntakeApplies::new_results, patience)
                 : Result<IntakeOutcome>(other.error());
  };
  Result<IntakeOutcome> outcome = take();
  if (!outcome && outcome.error().code == ExitCode::setup) {
    return outcome;
  }
  if (auto written = write_file_quickly(note, now); !written) {
    return written.error();
  }
  return outcome;
}

} // namespace ctest_matrix
