// What the HTML page shows, as the JSON that its script reads. Pure.
#pragma once

#include "report/report.hpp"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// A row of the matrix.
struct PageRow {
  std::string name;
  std::string suite;
  std::string label;    ///< fast; empty: excluded
  std::string excluded; ///< its reason
  std::string place;    ///< matrix.yaml:12; empty: not known
};

/// What a failed cell left in files, and how to run its first failing test alone.
struct PageEvidence {
  std::string narrowed;                ///< the command; empty: none
  std::string log;                     ///< path; empty: none of this very run
  std::string tail;                    ///< the end of the log, without escape sequences
  std::vector<std::string> excerpts{}; ///< of the sources around the first failures, as they were
};

struct PageInput {
  const ProgressReport& report;
  const Plan& plan;
  std::vector<PageRow> rows;                    ///< in matrix order
  std::map<std::string, PageEvidence> evidence; ///< by cell
  std::string prefix;                           ///< of test names
  std::string matrix;                           ///< path
  std::string options{}; ///< with which a verb finds the same matrix and build directory
  std::string ctest{};   ///< what runs the tests that a pattern behind it selects
  TimePoint now{};
};

/// How much of what can grow without bounds is shown; the page says what it leaves out.
struct PageLimits {
  std::size_t tail = 4000;    ///< bytes of a log
  std::size_t message = 3000; ///< bytes of a failure's message
  std::size_t command = 4000; ///< bytes of a command; a longer one is left out
  std::size_t failures = 20;  ///< of a cell
  std::size_t tests = 400;    ///< of a row, those that differ first
  std::size_t history = 40;   ///< runs of a cell
  std::size_t stretches = 10; ///< of the timeline
  std::size_t bars = 2000;    ///< of the timeline, in all

  /// A part of each, but never nothing.
  PageLimits divided_by(std::size_t divisor) const;
};

/// About how many bytes the messages and logs take at least: tells cheaply that a page will be too large.
std::size_t least_size(const PageInput& input, const PageLimits& limits);

/// One JSON object, on one line. Its texts have no control characters and no bytes that are not UTF-8.
std::string page_json(const PageInput& input, const PageLimits& limits);

} // namespace ctest_matrix
