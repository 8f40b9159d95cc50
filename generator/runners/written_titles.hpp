// Whether the titles of a test stand in the text of its file, so that they are no made-up ones.
#pragma once

#include <string_view>

namespace ctest_matrix {

/// Whether each of the titles (joined as in runners/titles.hpp) stands there as a whole: in quotes, or as a
/// name; of pytest's `test_name[parameter]` both parts. What has a random or a counted part does not. The
/// module that is called like the file (`stem`) needs not stand in it: `tests.test_x` in front of a title.
bool is_written_in(std::string_view source, std::string_view test, std::string_view stem = "");

} // namespace ctest_matrix
