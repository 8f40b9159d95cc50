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

std::size_t Axis::index_of(std::string_view value) const {
  return static_cast<std::size_t>(std::ranges::find(values, value) - values.begin());
}

bool has_texts(const Axis& axis) {
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    if (axis.settings[i].text != axis.values[i]) {
      return true;
    }
  }
  return false;
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
