// How a cell stands, in one word and one sign: what every view shows of it. Pure.
#pragma once

#include "report/standing.hpp"

#include <span>
#include <string_view>

namespace ctest_matrix {

/// Only `passed` says that the cell passed, as it is now, for a reason that can be looked up.
enum class CellMark {
  passed,
  flaky,   ///< passed, but not each time
  stale,   ///< passed, or was skipped, before something changed that this rests on
  skipped, ///< as the matrix declares
  by_hand, ///< ticked by a person, or by a run whose records are elsewhere or gone
  failed,
  blocked,  ///< its set-up failed
  unticked, ///< passed, but its box is open
  never_run,
};

struct MarkLook {
  CellMark mark;
  std::string_view name; ///< of one word: never-run
  std::string_view sign; ///< one column wide
  std::string_view ascii;
  std::string_view color; ///< parameters of SGR
  std::string_view meaning;
};

/// Of every mark, in their order.
std::span<const MarkLook> mark_looks();

const MarkLook& look_of(CellMark mark);

CellMark mark_of(const CellStanding& standing);

} // namespace ctest_matrix
