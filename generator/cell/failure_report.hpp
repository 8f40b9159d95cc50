// The report of a failed cell: what a reader needs to know without opening a log. Pure.
#pragma once

#include "matrix/matrix.hpp"
#include "progress/journal.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Where a test that fails in one column stands in the others.
enum class Parity {
  unknown, ///< no other column has run it
  only_here,
  shared, ///< it fails in another column too
};

/// For each of the plan's other columns the latest record of the same row and profile, and as far as it can
/// be of the same axes, that says something about tests (not SETUP, not INTERRUPTED), where it says it about
/// these: of the same test file and shared artifacts.
std::vector<Record> other_columns(std::span<const Column> columns, std::span<const Record> journal,
                                  const Record& record);

Parity parity_of(const std::string& test, std::span<const Record> others);

/// What the other columns did with a test: `passes on native, edge; fails on wasm too`.
std::string elsewhere_words(const std::string& test, std::span<const Record> others);

/// What the report is made of.
struct FailedCell {
  Record record = {};
  std::vector<Record> others = {};
  bool is_only_column = false;            ///< there is nothing that it could be compared with
  std::vector<std::string> excerpts = {}; ///< of the sources around the places of the first failures
  std::string narrowed = {}; ///< the command that runs only the first failing test, or `running`; empty: none
  std::string log = {};      ///< path; empty: none
  std::vector<std::string> service_logs = {}; ///< paths: of the services that it ran on
  std::vector<std::string> last_lines =
      {}; ///< of the output, or of a sanitizer's report in it; shown where no test is to blame
  std::string last_test = {}; ///< the last test that the output names; empty: not known
  std::string running =
      {}; ///< the test that ended the runner, and so has no result; empty: none, or not known
  std::string detail = {}; ///< of a set-up that failed: the sentence, then indented facts
  NextSteps next_steps = {};
};

/// Lines for a terminal, CTest and CDash: each failure first as `file:line: error: message`, which tools turn
/// into links, then in full.
std::string render_failure(const FailedCell& cell);

} // namespace ctest_matrix
