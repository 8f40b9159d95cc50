#include "progress/last_run.hpp"

#include "base/content.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What a load of the tests was asked for.
struct LoadedAs {
  std::string profile;
  Assignment settings; ///< over the profile's

  bool operator==(const LoadedAs&) const = default;
};

std::string signature_of(const ResultFiles& files) {
  std::string signature;
  for (const auto* paths : {&files.last_test_log, &files.test_xml}) {
    for (const fs::path& path : *paths) {
      signature += file_signature(path) + ';';
    }
  }
  return signature;
}

constexpr std::size_t k_note_lines = 4;

/// The profile, the settings (`encoding=cbor;...`), what CTest has written and the progress file, a line
/// each.
std::string note_text(const LoadedAs& loaded, const std::string& results, const std::string& progress) {
  std::vector<std::string> settings;
  for (const auto& [axis, value] : loaded.settings) {
    settings.push_back(fmt::format("{}={}", axis, value));
  }
  return fmt::format("{}\n{}\n{}\n{}\n", loaded.profile, join(settings, ";"), results, progress);
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

bool was_loaded_as(const fs::path& state, const std::string& profile, const Assignment& settings) {
  const auto noted = read_file(state / "last-load");
  const auto lines = split_lines(noted ? *noted : "");
  return lines.size() == k_note_lines && loaded_as(lines) == LoadedAs{profile, settings};
}

Result<IntakeOutcome> take_in_last_run(const Plan& plan, const ProjectOptions& project, Milliseconds patience,
                                       UnknownLoad unknown) {
  const fs::path& state = plan.common.places.state;
  const fs::path note = state / "last-load";
  const ResultFiles files = files_of_build(state.parent_path().parent_path());
  const std::string signature = signature_of(files);
  const LoadedAs current{plan.common.profile, project.overrides};
  const auto noted = read_file(note);
  const std::vector<std::string> lines = split_lines(noted ? *noted : "");
  const std::string progress = file_signature(plan.common.progress);
  if (noted && *noted == note_text(current, signature, progress)) {
    return IntakeOutcome();
  }
  const auto take = [&]() -> Result<IntakeOutcome> {
    if (lines.size() != k_note_lines) {
      return unknown == UnknownLoad::leave ? IntakeOutcome()
                                           : take_in(plan, files, IntakeApplies::new_results, patience);
    }
    if (lines[2] == signature) {
      return IntakeOutcome();
    }
    const LoadedAs loaded = loaded_as(lines);
    if (loaded == current) {
      return take_in(plan, files, IntakeApplies::new_results, patience);
    }
    ProjectOptions then = project;
    then.profile = loaded.profile;
    then.overrides = loaded.settings;
    const auto other = load_plan(then);
    return other ? take_in(*other, files, IntakeApplies::new_results, patience)
                 : Result<IntakeOutcome>(other.error());
  };
  Result<IntakeOutcome> outcome = take();
  if (!outcome && outcome.error().code == ExitCode::setup) {
    return outcome;
  }
  if (outcome && !progress.empty()) {
    // Whatever a person did to the file is older than what runs from now on.
    const auto seen = apply_journal(store_paths(plan.common), plan, system_clock());
    outcome = seen ? std::move(outcome) : Result<IntakeOutcome>(seen.error());
  }
  const std::string text = note_text(current, signature, file_signature(plan.common.progress));
  TRY(write_file_quickly(note, text));
  return outcome;
}

} // namespace ctest_matrix
