#include "runners/junit_status.hpp"

namespace ctest_matrix {

bool is_expected_failure(const Dialect& dialect, const XmlElement& test) {
  const XmlElement* const skipped = test.child("skipped");
  if (skipped == nullptr) {
    return false;
  }
  return (dialect.name == k_node && skipped->value("type") == "todo") ||
         (dialect.name == k_catch2 && skipped->value("message").starts_with("TEST_CASE tagged with !"));
}

bool never_ran(const Dialect& dialect, const XmlElement& test) {
  if (dialect.name != k_gtest) {
    return false;
  }
  const bool listed = test.attribute("status") == nullptr && test.attribute("result") == nullptr &&
                      test.attribute("time") == nullptr;
  const std::string_view begin = test.value("timestamp");
  return listed || begin.starts_with("1970-01-01T") || begin.starts_with("1969-12-31T");
}

} // namespace ctest_matrix
