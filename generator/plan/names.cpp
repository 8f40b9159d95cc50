#include "plan/names.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

std::string ready_test(std::string_view matrix) {
  return fmt::format("{}.ready", matrix);
}

std::string check_test(std::string_view matrix) {
  return fmt::format("{}.check", matrix);
}

std::string agreement_test(std::string_view matrix, std::string_view agreement) {
  return fmt::format("{}.agree.{}", matrix, agreement);
}

std::string rule_test(std::string_view matrix, std::string_view rule) {
  return fmt::format("{}.rule.{}", matrix, rule);
}

std::string artifact_test(std::string_view matrix, std::string_view artifact) {
  return fmt::format("{}.artifact.{}", matrix, artifact);
}

std::string service_fixture(std::string_view matrix, std::string_view service) {
  return fmt::format("{}.{}", matrix, service);
}

std::string service_up_test(std::string_view matrix, std::string_view service) {
  return service_fixture(matrix, service) + ".up";
}

std::string service_down_test(std::string_view matrix, std::string_view service) {
  return service_fixture(matrix, service) + ".down";
}

std::string serial_lock(std::string_view matrix) {
  return fmt::format("{}.serial", matrix);
}

std::string cell_test(const Places& places, std::string_view cell) {
  return std::string(places.prefix).append(cell);
}

std::optional<std::string> cell_of_test(const Places& places, std::string_view test) {
  if (!test.starts_with(places.prefix)) {
    return std::nullopt;
  }
  return std::string(test.substr(places.prefix.size()));
}

} // namespace ctest_matrix
