#include "plan/identity.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_half = 8; ///< digits of an identity: the first half is the matrix's

/// What an identity is made of; no text of it can hold a newline.
std::string checkout_of(const CommonPlan& common) {
  const Places& places = common.places;
  return fmt::format("{}\n{}\n", std::string_view(common.name).substr(places.prefix.size()),
                     places.matrix.lexically_relative(places.root).generic_string());
}

} // namespace

std::string matrix_identity(const CommonPlan& common) {
  return fingerprint(checkout_of(common));
}

std::string cell_identity(const CommonPlan& common, std::string_view row, const Assignment& axes) {
  Assignment sorted = axes;
  std::ranges::sort(sorted);
  std::string source = checkout_of(common);
  source.append(row).append("\n");
  for (const auto& [axis, value] : sorted) {
    source += fmt::format("{}={}\n", axis, value);
  }
  return fingerprint(checkout_of(common)).substr(0, k_half) + fingerprint(source).substr(0, k_half);
}

bool is_cell_of_matrix(const CommonPlan& common, std::string_view identity) {
  return identity.size() == 2 * k_half && identity.starts_with(matrix_identity(common).substr(0, k_half));
}

} // namespace ctest_matrix
