#include "runners/dialects.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <utility>

namespace ctest_matrix {

namespace {

using Mark = bool (*)(const XmlElement& root);

/// The first suite: the root itself or the first one in it; null where there is none.
const XmlElement* first_suite(const XmlElement& root) {
  return root.name == "testsuite" ? &root : root.child("testsuite");
}

bool suite_is_named(const XmlElement& root, std::string_view name) {
  const XmlElement* const suite = first_suite(root);
  return suite != nullptr && suite->value("name") == name;
}

/// Whether `holds` for a test case of the report, wherever it is.
template <typename Holds>
bool any_test(const XmlElement& element, const Holds& holds) {
  return std::any_of(element.children.begin(), element.children.end(), [&](const XmlElement& child) {
    return child.name == "testcase" ? holds(child) : any_test(child, holds);
  });
}

/// Whether `holds` for every test case of the report; false where it has none.
template <typename Holds>
bool all_tests(const XmlElement& element, const Holds& holds) {
  return any_test(element, [](const XmlElement&) { return true; }) &&
         !any_test(element, [&](const XmlElement& test) { return !holds(test); });
}

bool is_vitest(const XmlElement& root) {
  return root.value("name") == "vitest tests";
}

bool is_bun(const XmlElement& root) {
  return root.value("name") == "bun test";
}

bool is_deno(const XmlElement& root) {
  return root.value("name") == "deno test";
}

bool is_nextest(const XmlElement& root) {
  return root.value("name") == "nextest-run";
}

bool is_playwright(const XmlElement& root) {
  return root.name == "testsuites" && root.attribute("id") != nullptr && root.attribute("name") != nullptr;
}

/// Whether an element has these attributes, one behind the other; `begins`: as its first ones.
bool has_attributes(const XmlElement* element, std::initializer_list<std::string_view> names, bool begins) {
  if (element == nullptr) {
    return false;
  }
  const auto& all = element->attributes;
  const auto found =
      std::search(all.begin(), all.end(), names.begin(), names.end(),
                  [](const auto& attribute, std::string_view name) { return attribute.first == name; });
  return begins ? found == all.begin() && !all.empty() : found != all.end();
}

/// The value of a property of the first suite; empty where it has none.
std::string_view property_of(const XmlElement& root, std::string_view name) {
  const XmlElement* const suite = first_suite(root);
  const XmlElement* const properties = suite == nullptr ? nullptr : suite->child("properties");
  for (std::size_t i = 0; properties != nullptr && i < properties->children.size(); ++i) {
    if (properties->children[i].value("name") == name) {
      return properties->children[i].value("value");
    }
  }
  return "";
}

/// Its suite has the name that the project gives to it (`junit_suite_name`).
bool is_pytest(const XmlElement& root) {
  return suite_is_named(root, "pytest") || root.value("name") == "pytest tests" ||
         (root.name == "testsuites" &&
          has_attributes(first_suite(root),
                         {"name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname"},
                         true));
}

bool is_jest_junit(const XmlElement& root) {
  return root.name == "testsuites" && root.value("name") == "jest tests";
}

bool is_mocha_junit(const XmlElement& root) {
  return root.name == "testsuites" &&
         (root.value("name") == "Mocha Tests" || suite_is_named(root, "Root Suite"));
}

bool is_mocha_xunit(const XmlElement& root) {
  return root.name == "testsuite" && root.value("name") == "Mocha Tests";
}

bool is_gotestsum(const XmlElement& root) {
  return !property_of(root, "go.version").empty();
}

bool is_boost(const XmlElement& root) {
  return root.name == "testsuite" &&
         has_attributes(&root, {"tests", "skipped", "errors", "failures", "id", "name", "time"}, true);
}

bool is_qttest(const XmlElement& root) {
  return !property_of(root, "QTestVersion").empty();
}

bool is_phpunit(const XmlElement& root) {
  return root.name == "testsuites" &&
         has_attributes(first_suite(root), {"tests", "assertions", "errors"}, false);
}

bool is_rspec(const XmlElement& root) {
  return root.name == "testsuite" && root.value("name").starts_with("rspec") &&
         has_attributes(&root, {"name", "tests", "skipped", "failures", "errors", "time", "timestamp"}, true);
}

/// Its suites are named after their class and the second in which they ended.
bool is_unittest_xml(const XmlElement& root) {
  constexpr std::size_t k_digits = 14;
  const XmlElement* const suite = root.name == "testsuites" ? first_suite(root) : nullptr;
  const std::string_view name = suite == nullptr ? std::string_view() : suite->value("name");
  const std::size_t dash = name.rfind('-');
  return dash != std::string_view::npos && name.size() - dash - 1 == k_digits &&
         name.find_first_not_of("0123456789", dash + 1) == std::string_view::npos &&
         suite->attribute("file") != nullptr;
}

bool is_doctest(const XmlElement& root) {
  const XmlElement* const suite = first_suite(root);
  return suite != nullptr && suite->attribute("doctest_version") != nullptr;
}

/// Versions 2 and 3 write the host's name so; 2.x without it puts every test into `<program>.global`.
bool is_catch2(const XmlElement& root) {
  const XmlElement* const suite = first_suite(root);
  return (suite != nullptr && suite->value("hostname") == "tbd") ||
         any_test(root, [](const XmlElement& test) { return test.value("classname").ends_with(".global"); });
}

bool is_gtest(const XmlElement& root) {
  return root.name == "testsuites" && root.value("name") == "AllTests";
}

/// A line `1..4`.
bool has_tap_plan(std::string_view text) {
  for (const std::string& line : split_lines(text)) {
    const std::string_view tests = std::string_view(line).substr(0, line.find_first_of(" #"));
    if (tests.starts_with("1..") && tests.size() > 3 &&
        tests.find_first_not_of("0123456789", 3) == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// Its suites begin with these attributes, in this order; a report without suites has only this class.
bool is_node(const XmlElement& root) {
  if (root.name != "testsuites" || !root.attributes.empty()) {
    return false;
  }
  if (const XmlElement* const suite = root.child("testsuite")) {
    constexpr std::string_view k_first[] = {"name", "time", "disabled", "errors"};
    return std::ranges::equal(
        k_first, std::span(suite->attributes).first(std::min<std::size_t>(4, suite->attributes.size())), {},
        {}, [](const auto& attribute) -> std::string_view { return attribute.first; });
  }
  return all_tests(root, [](const XmlElement& test) {
    return test.value("classname") == "test" || test.value("classname") == "suite";
  });
}

/// Its suites have their script's whole output, and nothing but names tells its tests apart.
bool is_tap_formatter(const XmlElement& root) {
  const XmlElement* const suite = root.name == "testsuites" ? first_suite(root) : nullptr;
  const XmlElement* const output = suite == nullptr ? nullptr : suite->child("system-out");
  return output != nullptr && suite->attributes.size() == 4 && suite->attribute("time") == nullptr &&
         !any_test(root, [](const XmlElement& test) { return test.attribute("classname") != nullptr; }) &&
         (trim(output->text).empty() || has_tap_plan(output->text));
}

constexpr std::pair<Mark, Dialect> k_dialects[] = {
    {is_vitest, {.name = k_vitest, .suite = SuiteName::file, .test = CaseName::joined, .separator = " > "}},
    {is_bun, {.name = k_bun, .suite = SuiteName::file_or_title, .test = CaseName::only_name}},
    {is_deno, {.name = k_deno, .suite = SuiteName::file, .test = CaseName::joined, .separator = " > "}},
    {is_nextest, {.name = "cargo nextest", .test = CaseName::split, .separator = "::"}},
    {is_playwright,
     {.name = k_playwright, .suite = SuiteName::file, .test = CaseName::joined, .separator = " › "}},
    {is_pytest,
     {.name = k_pytest,
      .suite = SuiteName::nothing,
      .counts = CountMeaning::reports,
      .same_name = SameName::counted_once}},
    {is_jest_junit, {.name = k_jest_junit, .suite = SuiteName::nothing, .test = CaseName::jest}},
    {is_mocha_junit, {.name = k_mocha_junit, .suite = SuiteName::nothing, .test = CaseName::mocha}},
    {is_mocha_xunit, {.name = k_mocha, .suite = SuiteName::nothing, .test = CaseName::mocha_xunit}},
    {is_unittest_xml, {.name = k_unittest_xml, .suite = SuiteName::nothing}},
    {is_rspec, {.name = k_rspec, .suite = SuiteName::nothing, .test = CaseName::joined, .separator = " "}},
    {is_phpunit, {.name = k_phpunit}},
    {is_boost, {.name = k_boost}},
    {is_qttest, {.name = k_qttest}},
    {is_gotestsum, {.name = k_gotestsum, .same_name = SameName::failed_then_passed}},
    {is_gtest, {.name = k_gtest}},
    {is_doctest, {.name = "doctest", .test = CaseName::class_and_name, .counts = CountMeaning::assertions}},
    {is_catch2, {.name = k_catch2, .test = CaseName::catch2, .counts = CountMeaning::assertions}},
    {is_tap_formatter, {.name = k_tap_formatter, .carries_tap = true}},
    {is_node, {.name = k_node, .test = CaseName::only_name, .counts = CountMeaning::children}},
};

constexpr Dialect k_unknown{};

} // namespace

const Dialect& dialect_of(const XmlElement& root) {
  for (const auto& [is_written_by, dialect] : k_dialects) {
    if (is_written_by(root)) {
      return dialect;
    }
  }
  return k_unknown;
}

} // namespace ctest_matrix
