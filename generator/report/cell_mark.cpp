#include "report/cell_mark.hpp"

#include <algorithm>
#include <array>

namespace ctest_matrix {

namespace {

constexpr std::array<MarkLook, 9> k_looks{{
    {CellMark::passed, "passed", "✓", "+", "32", "passed"},
    {CellMark::flaky, "flaky", "≈", "~", "33", "passed, flaky"},
    {CellMark::stale, "stale", "◌", "s", "33", "passed before what it rests on changed"},
    {CellMark::skipped, "skipped", "–", "-", "36", "skipped as declared"},
    {CellMark::by_hand, "by-hand", "☑", "h", "32", "ticked, no record here"},
    {CellMark::failed, "failed", "✗", "x", "31;1", "failed"},
    {CellMark::blocked, "blocked", "!", "!", "35", "set-up failed"},
    {CellMark::unticked, "unticked", "□", "o", "33", "passed, but its box is open"},
    {CellMark::never_run, "never-run", "·", ".", "2", "never run"},
}};

} // namespace

std::span<const MarkLook> mark_looks() {
  return k_looks;
}

const MarkLook& look_of(CellMark mark) {
  return *std::ranges::find(k_looks, mark, &MarkLook::mark);
}

CellMark mark_of(const CellStanding& standing) {
  if (!standing.newest) {
    return standing.ticked ? CellMark::by_hand : CellMark::never_run;
  }
  const Verdict verdict = standing.newest->verdict;
  if (verdict == Verdict::setup) {
    return CellMark::blocked;
  }
  if (!earns_tick(verdict)) {
    return CellMark::failed;
  }
  if (!standing.ticked) {
    return CellMark::unticked;
  }
  if (!standing.stale.empty()) {
    return CellMark::stale;
  }
  return verdict == Verdict::skip                        ? CellMark::skipped
         : standing.retried || !standing.wavered.empty() ? CellMark::flaky
                                                         : CellMark::passed;
}

} // namespace ctest_matrix
