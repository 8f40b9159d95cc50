// CTest's results, of this machine or another, on their way into the journal: each once, and only what they
// prove.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Files that the user names.
struct ResultFiles {
  std::vector<std::filesystem::path> junit;
  std::vector<std::filesystem::path> test_xml;
  std::vector<std::filesystem::path> last_test_log;
  std::vector<std::filesystem::path> journal;

  bool empty() const { return junit.empty() && test_xml.empty() && last_test_log.empty() && journal.empty(); }
};

struct IntakeOutcome {
  std::size_t added = 0;          ///< records that the journal did not have, those of set-ups apart
  std::filesystem::path progress; ///< what was brought up to date; empty: nothing
  std::string message;            ///< for people: what was taken in, what changed, how the suite stands
};

/// What CTest left in a build directory: the log of the last plain run, and the last dashboard run's results.
ResultFiles files_of_build(const std::filesystem::path& build_dir);

enum class IntakeApplies {
  always,
  new_results, ///< leaves the progress file alone when the journal has everything already
};

/// Takes in the files and brings the progress file up to date. Error (input): a file that cannot be read;
/// nothing of any file is taken in then. Error (setup): somebody else took results in for all the `patience`.
Result<IntakeOutcome> take_in(const Plan& plan, const ResultFiles& files,
                              IntakeApplies applies = IntakeApplies::always,
                              Milliseconds patience = std::chrono::seconds(30));

} // namespace ctest_matrix
