// A runner's report, whatever its format: which tests there were, where they lie, how they ended.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class TestStatus { passed, failed, skipped, todo };

/// Why Node up to 20 calls a test skipped that its filter leaves out.
inline constexpr std::string_view k_nodes_unmatched = "test name does not match pattern";

/// One test as its runner reported it.
struct TestCase {
  std::string file;   ///< as the report has it (vitest: absolute); empty where the format has none
  std::string module; ///< dotted, the class behind it: what pytest says where it names no file, else empty
  std::vector<std::string> titles; ///< from the outermost suite to the test's own title
  /// All titles in one text where the format does not keep them apart (`titles` is a guess then), and what
  /// stands between them; else empty.
  std::string joined;
  std::string separator;
  TestStatus status = TestStatus::passed;
  Milliseconds duration{0};
  std::vector<std::string> messages; ///< failure messages, ANSI-free, in valid UTF-8; also of failed attempts
  std::string source_file;           ///< place of the failure when known, else empty
  int source_line = 0;
  bool only_checked = false;    ///< its types were, and it did not run
  int retries = 0;              ///< how often it failed before it passed, as far as the format tells
  std::string skip_reason = {}; ///< of a skipped one, in one printable line; empty: none is told

  bool operator==(const TestCase&) const = default;
};

/// The message of a file that failed although none of its tests did, where its report has none.
inline constexpr std::string_view k_failed_outside =
    "failed outside of its tests (a hook, or while it was loaded)";

/// What failed outside of every test: a file that did not load, a hook, an error that nobody caught.
struct FileFailure {
  std::string file; ///< empty: not known, or the whole run
  std::string message;
  std::string title = {};       ///< of the `describe` whose hook failed; empty: the file as a whole
  std::string source_file = {}; ///< place of the failure when known, else empty
  int source_line = 0;

  bool operator==(const FileFailure&) const = default;
};

struct RunnerReport {
  std::string_view writer; ///< the dialect that was recognised, of `runners/dialects.hpp`; else empty
  std::vector<TestCase> tests;
  std::vector<FileFailure> file_failures;
  int unmatched = 0; ///< tests that the filter left out, where the format lists them all the same
  std::optional<TimePoint> start; ///< of the run, where the format has it
  std::string unread_time;        ///< a time stamp that could not be read, where none could
  std::vector<std::string> files; ///< every test file that the report names, with or without tests
  /// The report's own overall word; false too when it contradicts itself (counts) or ends too early. Each of
  /// these has its note.
  bool says_success = true;
  std::vector<std::string> notes; ///< anything else that speaks against a pass: obsolete snapshots, ...
  std::optional<std::string> skipped_whole; ///< why the file was skipped before it had any test

  bool operator==(const RunnerReport&) const = default;
};

/// What is made of the counts that a report has beside its tests: `tests`, `failures`, `numTotalTests`.
enum class CountCheck {
  losses, ///< a count that says that something was lost speaks against a pass
  none,   ///< only what is listed counts
};

/// The formats that `runner.report` can name. `exit_code` has no report: nothing is counted.
enum class ReportFormat { vitest_json, junit, tap, libtest, exit_code };

} // namespace ctest_matrix
