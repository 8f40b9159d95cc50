// A `.only` that was left in a JavaScript test file, for runners that have no flag against it.
#pragma once

#include <string_view>

namespace ctest_matrix {

/// The first line, from 1, that runs only some of the file's tests: `it.only(`, `describe.only.each`, `fit(`,
/// `fdescribe(`, outside of comments and strings. 0: there is none.
int focused_line(std::string_view source);

} // namespace ctest_matrix
