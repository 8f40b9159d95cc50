// Values of axes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Values of some or all axes, in the order of the axes: runtime=wasm, sqlite=remote.
using Assignment = std::vector<std::pair<std::string, std::string>>;

/// The value that an assignment gives to an axis, or null.
const std::string* value_of(const Assignment& assignment, std::string_view axis);

/// Whether `assignment` gives every axis of `pattern` the value that `pattern` has.
bool matches(const Assignment& pattern, const Assignment& assignment);

/// For some axes, the values that are meant: runtime is bun or deno.
using Choices = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Whether `assignment` gives every axis of `choices` one of its values.
bool is_chosen(const Choices& choices, const Assignment& assignment);

} // namespace ctest_matrix
