// What a cell's run came to: the named verdicts, the counts and the failing tests. Shared by judge, journal
// and views.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class Verdict {
  pass,
  skip,        ///< every test skipped, as the matrix declares; the box is ticked
  fail,        ///< a test failed
  timeout,     ///< the deadline passed
  crash,       ///< the runner was ended by a signal
  no_tests,    ///< the filter matched nothing
  foreign,     ///< tests of another cell or file ran
  bad_report,  ///< the runner's report is missing, stale, truncated or not readable
  exit,        ///< the runner exited non-zero though every test passed
  shrunk,      ///< a test of the last pass is gone or skipped, though nothing has changed that it rests on
  setup,       ///< an artifact, a service or the runner could not be made ready
  interrupted, ///< stopped by the user; says nothing about the cell
};

/// The name in verdict lines, journal and progress log: PASS, NO-TESTS, BAD-REPORT.
std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view name);

/// True for PASS and SKIP: what ticks a box.
bool earns_tick(Verdict verdict);

/// Tests of one cell, by status. `skipped` includes todo.
struct Counts {
  int passed = 0;
  int failed = 0;
  int skipped = 0;

  int ran() const { return passed + failed; }

  bool operator==(const Counts&) const = default;
};

/// One test of a cell by its title (the part below the cell's scope).
struct TestOutcome {
  enum class Kind { passed, failed, skipped };

  std::string test;
  Kind kind = Kind::passed;

  bool operator==(const TestOutcome&) const = default;
};

/// One failing test: its title (the part below the cell's scope), the trimmed message without ANSI sequences,
/// and its place in the source when the report has one (`file` empty, `line` 0 otherwise).
struct Failure {
  std::string test;
  std::string message;
  std::string file;
  int line = 0;

  bool operator==(const Failure&) const = default;
};

} // namespace ctest_matrix
