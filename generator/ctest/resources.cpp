#include "ctest/resources.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <cctype>

namespace ctest_matrix {

std::string resource_type(const CommonPlan& common, const Service& service) {
  const std::string name = fmt::format("{}.{}", common.name, service.name);
  std::string type = "matrix_";
  for (const unsigned char c : name) {
    type += std::isalnum(c) != 0 && c < 0x80 ? static_cast<char>(std::tolower(c)) : '_';
  }
  // Two names that differ only in what was replaced are still two.
  return fmt::format("{}_{}", type, fingerprint(name).substr(0, 4));
}

} // namespace ctest_matrix
