// The files of templates/, which are part of the program.
#pragma once

#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The text of a template by its path below templates/; empty when there is none.
std::string_view find_template(std::string_view name);

std::vector<std::string_view> template_names();

} // namespace ctest_matrix
