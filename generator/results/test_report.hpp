// A runner's report, whatever its format: which tests there were, where they lie, how they ended.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class TestStatus { passed, failed, skipped, todo };

/// One test as its runner reported it.
struct TestCase {
  std::string file; ///< as the report has it (vitest: absolute); empty where the format has none
  std::vector<std::string> titles; ///< from the outermost suite to the test's own title
  TestStatus status = TestStatus::passed;
  Milliseconds duration{0};
  std::vector<std::string> messages; ///< failure messages, ANSI-free, in valid UTF-8
  std::string source_file;           ///< place of the failure when known, else empty
  int source_line = 0;
  int retries = 0; ///< how often it failed before it passed, when the format tells
};

/// A file that failed as a whole: it did not collect, or a hook outside of every test threw.
struct FileFailure {
  std::string file;
  std::string message;
};

struct TestReport {
  std::vector<TestCase> tests;
  std::vector<FileFailure> file_failures;
  std::vector<std::string> files; ///< every test file that the report names, with or without tests
  bool says_success = true;       ///< the report's own overall word, where the format has one
  std::vector<std::string> notes; ///< anything else that speaks against a pass: obsolete snapshots, ...
};

/// The formats that `runner.report` can name.
enum class ReportFormat { vitest_json, junit, tap, exit_code };

/// Reads vitest's and jest's JSON reporter (vitest 3: `--reporter=json --outputFile.json=F`).
/// Error (input): empty, truncated, not JSON, not of this shape; the message says which and where.
Result<TestReport> parse_vitest_json(std::string_view text);

} // namespace ctest_matrix
