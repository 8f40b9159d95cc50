#include "matrix/row.hpp"

#include <algorithm>

namespace ctest_matrix {

SourceLocation Row::place_of(std::string_view key) const {
  const auto place = std::find_if(key_places.begin(), key_places.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  return place == key_places.end() ? SourceLocation() : place->second;
}

} // namespace ctest_matrix
