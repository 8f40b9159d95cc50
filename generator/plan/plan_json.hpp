// The parts of a plan as JSON, each on one line: the suite, the document, each cell.
#pragma once

#include "plan/plan.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

std::string suite_to_json(const SuitePlan& suite);

/// Throws std::exception for what is no such text, or one of another version of the program.
SuitePlan suite_from_json(std::string_view text);

std::string document_to_json(const DocumentPlan& document);

/// Throws as above.
DocumentPlan document_from_json(std::string_view text);

/// All but the name.
std::string cell_to_json(const CellPlan& cell);

/// Throws as above.
CellPlan cell_from_json(std::string_view name, std::string_view text);

} // namespace ctest_matrix
