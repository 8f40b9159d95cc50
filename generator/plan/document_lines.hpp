// What a progress document looks like, as lines that are cheap to read: every cell reads them.
//
// Format: fields as in base/tab_lines.hpp. Title and configuration; the columns; the labels; then the rows:
// name, suite, label, why it is excluded, and for each column the number of its cells and for each cell its
// name, the number of its axes, and name and value of each axis.
#pragma once

#include "plan/plan.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

std::string document_to_lines(const DocumentPlan& document);

/// Throws std::exception for what `document_to_lines` did not write.
DocumentPlan document_from_lines(std::string_view text);

} // namespace ctest_matrix
