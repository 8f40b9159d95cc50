// Which part of a line of a failure's message tells what was expected, as test runners write it. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Bytes of a line, from `begin` to before `end`.
struct LinePart {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What stands in the test's source, and so is the same each time, and tells one assertion from another:
/// behind `to be` of chai and vitest, `Expected:` of jest, testify and GoogleTest, `want` of Go, `right:` of
/// Rust, the comparison of Python's `assert`. Empty where the line says nothing of the kind.
LinePart expected_part(std::string_view line);

/// For each line of a message, whether all of it was expected although it does not say so: the side `-` of a
/// diff, the values of GoogleTest's `Expected equality of these values:`.
std::vector<bool> expected_lines(const std::vector<std::string_view>& lines);

} // namespace ctest_matrix
