#include "runners/dialects.hpp"

#include "base/text.hpp"

#include <algorithm>
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

bool is_pytest(const XmlElement& root) {
  return suite_is_named(root, "pytest");
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
  const XmlElement* const suite = first_suite(root);
  const XmlElement* const properties = suite == nullptr ? nullptr : suite->child("properties");
  return properties != nullptr &&
         std::any_of(properties->children.begin(), properties->children.end(),
                     [](const XmlElement& property) { return property.value("name") == "go.version"; });
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
