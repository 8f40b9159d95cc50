// After a failure: the first failing test alone, and the same test in the other columns, so that "specific to
// one runtime, or shared?" has an answer. Ticks nothing.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What one test did in one cell, when it ran alone or as the journal knows it.
struct ProbeResult {
  std::string column;
  std::string outcome; ///< passes, fails, ...: words for people
  enum class Kind { passed, failed, unclear } kind = Kind::unclear;
  enum class Evidence { probe, journal } evidence = Evidence::probe;
  int beside = 0; ///< other tests that ran with it, since the filter reaches them, too
};

/// The cells that can answer for the other columns of a row: one per column, with the same values on the axes
/// that the columns share.
std::vector<const Cell*> sibling_cells(const Plan& plan, const Cell& cell);

/// What is said of the results: on which columns the test fails, and what that means. The first one is the
/// failing cell's own.
std::string render_probe(const std::string& test, const std::vector<ProbeResult>& results);

/// Runs the test alone: what came of it, or what stood in its way.
using Narrow = std::function<Result<Record>(const Cell&, const std::string& test)>;

/// Reruns the first failing test of a record alone and, in the other columns, takes what the journal knows or
/// runs it there. Nothing when the record names no failing test.
std::vector<ProbeResult> probe(const Plan& plan, const Record& record, std::span<const Record> journal,
                               const Narrow& narrow);

} // namespace ctest_matrix
