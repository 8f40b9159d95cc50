// CTest's results, of this machine or another, on their way into the journal: each once, and only what they
// prove.
#pragma once

#include "base/result.hpp"
#include "matrix/plan.hpp"
#include "progress/journal.hpp"
#include "results/ctest_results.hpp"

#include <filesystem>
#include <span>
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

/// The records that the results of a run add to those that are known. `fallback` is the time of a result that
/// names none itself.
std::vector<Record> new_records(const Plan& plan, const CtestRun& run, std::span<const Record> known,
                                TimePoint fallback);

struct IntakeOutcome {
  std::string message; ///< for people: what was taken in, what changed, how the suite stands
};

/// Takes in the files, or where none is named what CTest left in the build directory, and brings the progress
/// file up to date. Error (input): a file that cannot be read; nothing of any file is taken in then.
Result<IntakeOutcome> take_in(const Plan& plan, const ResultFiles& files,
                              const std::filesystem::path& build_dir);

} // namespace ctest_matrix
