// A new progress file: what a plan wants to see in one.
#pragma once

#include "base/clock.hpp"
#include "plan/plan.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// A heading of the progress file, and the rows below it.
struct DocumentSection {
  std::string heading;          ///< Fast Tests
  std::vector<const Row*> rows; ///< of the plan
};

/// The labels, each a section, and behind them the excluded rows.
std::vector<DocumentSection> sections_of(const Plan& plan);

std::vector<std::string> column_names(const Plan& plan);

/// A row with all its boxes open, without newline: `- [ ] [ ] actor-conn | Actor Connection Tests`, and in
/// parentheses why it is excluded. In a column of the plan where the row has no cell its box is `[-]`.
std::string render_row(const Plan& plan, const Row& row, const std::vector<std::string>& columns);

/// The progress file as it begins, with every box open and an empty log. Sections without rows are left out.
std::string render_document(const Plan& plan, TimePoint started);

} // namespace ctest_matrix
