// Whether the titles of a test stand in the text of its file, so that they are no made-up ones.
#pragma once

#include <string_view>

namespace ctest_matrix {

/// Whether each of the titles (joined as in runners/titles.hpp) stands there as a whole: in quotes, or as a
/// name. What has a random or a counted part does not.
bool is_written_in(std::string_view source, std::string_view test);

} // namespace ctest_matrix
