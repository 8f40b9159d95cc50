#include "runners/junit_status.hpp"

#include "base/text.hpp"
#include "runners/junit_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace ctest_matrix {

namespace {

bool is_failure(const XmlElement& child) {
  return one_of(child.name, k_junit_failures);
}

/// Whether every failure of a test, of which there is one, is what PHPUnit calls risky.
bool is_risky(const XmlElement& test) {
  constexpr std::array<std::string_view, 5> k_risky{
      "RiskyTestError", "OutputError", "MissingCoversAnnotationException", "CoveredCodeNotExecutedException",
      "UnintentionallyCoveredCodeError"};
  return std::ranges::any_of(test.children, is_failure) &&
         std::ranges::all_of(test.children, [&](const XmlElement& child) {
           const std::string_view type = child.value("type");
           return !is_failure(child) || one_of(type.substr(type.rfind('\\') + 1), k_risky);
         });
}

/// Boost.Test says of a test case that failed once more where that was.
bool is_told_again(const XmlElement& test) {
  const XmlElement* const said = test.child("system-err");
  return said != nullptr && said->text.find("Failures detected in:") != std::string::npos;
}

} // namespace

bool is_expected_failure(const Dialect& dialect, const XmlElement& test) {
  if (one_of(test.value("result"), k_junit_expected) || one_of(test.value("status"), k_junit_expected)) {
    return true;
  }
  if (dialect.name == k_boost) {
    return std::ranges::any_of(test.children, is_failure) && !is_told_again(test);
  }
  if (dialect.name == k_phpunit) {
    return is_risky(test);
  }
  const XmlElement* const skipped = test.child("skipped");
  if (skipped == nullptr) {
    return false;
  }
  return (dialect.name == k_node && skipped->value("type") == "todo") ||
         (dialect.name == k_catch2 && skipped->value("message").starts_with("TEST_CASE tagged with !"));
}

std::string why_pytest_could_not_run(const Dialect& dialect, const XmlElement& test) {
  const XmlElement* const skipped = test.child("skipped");
  const std::string_view why = skipped == nullptr ? std::string_view() : skipped->value("message");
  const bool could_not =
      dialect.name == k_pytest && (why.starts_with("async def function and no async plugin installed") ||
                                   why.starts_with("yield tests were removed in pytest"));
  return could_not ? fmt::format("it did not run: {}", why) : "";
}

bool never_ran(const Dialect& dialect, const XmlElement& test) {
  if (dialect.name == k_qttest) {
    return test.attribute("result") == nullptr && test.attribute("classname") == nullptr;
  }
  if (dialect.name == k_phpunit) {
    return test.value("assertions") == "0" && test.child(k_junit_warning) != nullptr;
  }
  if (dialect.name != k_gtest) {
    return false;
  }
  const bool listed = test.attribute("status") == nullptr && test.attribute("result") == nullptr &&
                      test.attribute("time") == nullptr;
  const std::string_view begin = test.value("timestamp");
  return listed || begin.starts_with("1970-01-01T") || begin.starts_with("1969-12-31T");
}

std::string why_nothing_was_tested(const Dialect& dialect, const XmlElement& test) {
  if (dialect.name != k_phpunit || (!is_risky(test) && !never_ran(dialect, test))) {
    return "";
  }
  const auto said = std::ranges::find_if(test.children, [](const XmlElement& child) {
    return is_failure(child) || child.name == k_junit_warning;
  });
  for (const std::string& line : split_lines(said->text)) { // the first one names the test
    if (!trim(line).empty() && line.find("::") == std::string::npos && line != "Warning") {
      return std::string(trim(line));
    }
  }
  return "";
}

bool is_made_up_function(const Dialect& dialect, const XmlElement& test) {
  // Ginkgo's nodes of a whole suite; its tests are called `[It] …`.
  constexpr std::string_view k_nodes[] = {
      "[BeforeSuite]",       "[AfterSuite]",       "[SynchronizedBeforeSuite]", "[SynchronizedAfterSuite]",
      "[ReportBeforeSuite]", "[ReportAfterSuite]", "[DeferCleanup (Suite)]"};
  const std::string_view name = test.value("name");
  if (std::ranges::any_of(k_nodes, [&](std::string_view node) { return name.starts_with(node); })) {
    return true;
  }
  return dialect.name == k_qttest && (name == "initTestCase" || name == "cleanupTestCase");
}

} // namespace ctest_matrix
