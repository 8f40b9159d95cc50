#include "matrix/assignment.hpp"

#include <algorithm>

namespace ctest_matrix {

const std::string* value_of(const Assignment& assignment, std::string_view axis) {
  for (const auto& [name, value] : assignment) {
    if (name == axis) {
      return &value;
    }
  }
  return nullptr;
}

bool matches(const Assignment& pattern, const Assignment& assignment) {
  return std::ranges::all_of(pattern, [&](const auto& entry) {
    const std::string* value = value_of(assignment, entry.first);
    return value != nullptr && *value == entry.second;
  });
}

bool is_chosen(const Choices& choices, const Assignment& assignment) {
  return std::ranges::all_of(choices, [&](const auto& choice) {
    const std::string* value = value_of(assignment, choice.first);
    return value != nullptr && std::ranges::find(choice.second, *value) != choice.second.end();
  });
}

} // namespace ctest_matrix
