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

} // namespace

Result<IntakeOutcome> take_in_last_run(const Plan& plan, const PlanOfProfile& plan_of,
                                       Milliseconds patience) {
  const fs::path& state = plan.suite.places.state;
  const fs::path note = state / "last-load";
  const ResultFiles files = files_of_build(state.parent_path().parent_path());
  const std::string signature = signature_of(files);
  const auto noted = read_file(note);
  const std::vector<std::string> lines = split_lines(noted ? *noted : "");
  const std::string now = fmt::format("{}\n{}\n", plan.suite.profile, signature);
  if (noted && *noted == now) {
    return IntakeOutcome();
  }
  const auto take = [&]() -> Result<IntakeOutcome> {
    if (lines.size() != 2 || lines.back() == signature) {
      return IntakeOutcome();
    }
    if (lines.front() == plan.suite.profile) {
      return take_in(plan, files, IntakeApplies::new_results, patience);
    }
    const auto other = plan_of(lines.front());
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
