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

/// One test as its runner reported it.
struct TestCase {
  std::string file;   ///< as the report has it (vitest: absolute); empty where the format has none
  std::string module; ///< dotted, the class behind it: what pytest says where it names no file, else empty
  std::vector<std::string> titles; ///< from the outermost suite to the test's own title
  TestStatus status = TestStatus::passed;
  Milliseconds duration{0};
  std::vector<std::string> messages; ///< failure messages, ANSI-free, in valid UTF-8; also of failed attempts
  std::string source_file;           ///< place of the failure when known, else empty
  int source_line = 0;
  int retries = 0; ///< how often it failed before it passed, as far as the format tells

  bool operator==(const TestCase&) const = default;
};

/// A file that failed as a whole: it did not collect, or a hook outside of every test threw.
struct FileFailure {
  std::string file;
  std::string message;

  bool operator==(const FileFailure&) const = default;
};

struct RunnerReport {
  std::vector<TestCase> tests;
  std::vector<FileFailure> file_failures;
  std::optional<TimePoint> start; ///< of the run, where the format has it
  std::vector<std::string> files; ///< every test file that the report names, with or without tests
  /// The report's own overall word; false too when it contradicts itself (counts) or ends too early. Each of
  /// these has its note.
  bool says_success = true;
  std::vector<std::string> notes; ///< anything else that speaks against a pass: obsolete snapshots, ...

  bool operator==(const RunnerReport&) const = default;
};

/// The formats that `runner.report` can name. `exit_code` has no report: nothing is counted.
enum class ReportFormat { vitest_json, junit, tap, exit_code };

} // namespace ctest_matrix
