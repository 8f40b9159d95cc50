// The suite at a glance: a line for each row, a mark for each cell. Returns text, prints nothing.
#pragma once

#include "base/terminal.hpp"
#include "report/standing.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The grid with a heading and the meaning of its marks, no wider than the terminal as far as the rows' names
/// allow: details are left out first, then the columns go into several grids.
std::string render_grid(std::span<const CellStanding> standings, const std::vector<std::string>& columns,
                        const Terminal& terminal);

} // namespace ctest_matrix
