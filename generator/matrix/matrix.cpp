#include "matrix/matrix.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

template <typename Items>
auto find_named(const Items& items, std::string_view name) -> decltype(&items.front()) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

} // namespace

const std::string* value_of(const Assignment& assignment, std::string_view axis) {
  for (const auto& [name, value] : assignment) {
    if (name == axis) {
      return &value;
    }
  }
  return nullptr;
}

bool matches(const Assignment& pattern, const Assignment& assignment) {
  return std::all_of(pattern.begin(), pattern.end(), [&](const auto& entry) {
    const std::string* value = value_of(assignment, entry.first);
    return value != nullptr && *value == entry.second;
  });
}

const Axis* Matrix::find_axis(std::string_view axis) const {
  return find_named(axes, axis);
}

const Profile* Matrix::find_profile(std::string_view profile) const {
  return find_named(profiles, profile);
}

const Label* Matrix::find_label(std::string_view label) const {
  return find_named(labels, label);
}

} // namespace ctest_matrix
