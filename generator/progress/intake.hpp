// CTest's results, of this machine or another, on their way into the journal: each once, and only what they
// prove.
#pragma once

#include "base/result.hpp"
#include "ctest/result_files.hpp"
#include "plan/plan.hpp"
#include "progress/document.hpp"
#include "progress/journal.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Files that the user names.
struct ResultFiles {
  std::vector<std::filesystem::path> junit;
  std::vector<std::filesystem::path> test_xml;
  std::vector<std::filesystem::path> last_test_log;
  std::vector<std::filesystem::path> journal;
  std::vector<std::filesystem::path> documents{}; ///< other progress files

  bool empty() const {
    return junit.empty() && test_xml.empty() && last_test_log.empty() && journal.empty() && documents.empty();
  }
};

struct IntakeOutcome {
  std::size_t added = 0;           ///< records that the journal did not have, those of set-ups apart
  int foreign = 0;                 ///< results of another matrix, or that do not say whose they are: left out
  std::filesystem::path progress;  ///< what was brought up to date; empty: nothing
  std::string message;             ///< for people: what was taken in, what changed, how the suite stands
  bool running = false;            ///< launchers are at work, and owe ends
  bool caught_up = false;          ///< the journal had more than the progress file, which has it now
  std::size_t caught_up_lines = 0; ///< of the log, then
  std::optional<Document> seen;    ///< the progress file that `take_in_last_run` read, and left as it was
};

/// Where to look for what nobody has told of the cells of a build directory.
struct Untold {
  std::optional<FailedTests> failed; ///< as CTest names them, of a run that began after `since`
  TimePoint since{};
  std::uint64_t from =
      0; ///< bytes of the journal that are older than that, and have no beginning without an end
};

struct UntoldOutcome {
  IntakeOutcome intake;
  std::uint64_t from = 0; ///< for the next time
};

/// Takes in the ends that launchers did not write, and the tests that CTest names as failed. Leaves the
/// progress file alone where there are none, and reads only what is new in the journal. Error (setup):
/// somebody else took results in for all the `patience`.
Result<UntoldOutcome> take_in_untold(const Plan& plan, const Untold& untold, Milliseconds patience);

/// Takes in the files and brings the progress file up to date. What is of another matrix is left out, and
/// counted. Error (input): a file that cannot be read, or nothing in all of them is of this matrix;
/// nothing of any file is taken in then. Error (setup): somebody else took results in for all the `patience`.
Result<IntakeOutcome> take_in(const Plan& plan, const ResultFiles& files,
                              Milliseconds patience = std::chrono::seconds(30));

} // namespace ctest_matrix
