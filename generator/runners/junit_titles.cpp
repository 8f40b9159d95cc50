#include "runners/junit_titles.hpp"

#include "base/text.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_script_endings[] = {".js",  ".ts",  ".jsx", ".tsx",
                                                 ".mjs", ".cjs", ".mts", ".cts"};
constexpr std::string_view k_test_marks[] = {".test.", ".spec.", "test/", "tests/", "__tests__/"};

/// Whether a text is the path of a JavaScript test file, as jest-junit's templates put it into names; a
/// `describe` may well be called `src/a.js`.
bool is_test_path(std::string_view text) {
  const bool script =
      std::ranges::any_of(k_script_endings, [&](std::string_view end) { return text.ends_with(end); });
  const bool test = std::ranges::any_of(
      k_test_marks, [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
  return script && test && text.find(' ') == std::string_view::npos &&
         text.find('/') != std::string_view::npos;
}

/// What stands between jest-junit's titles, where that shows.
std::string_view shown_separator(const XmlElement& element) {
  for (const XmlElement& child : element.children) {
    for (const std::string_view separator : {" › ", " > "}) {
      if (child.value("name").find(separator) != std::string_view::npos ||
          child.value("classname").find(separator) != std::string_view::npos) {
        return separator;
      }
    }
    if (const std::string_view shown = shown_separator(child); shown != " ") {
      return shown;
    }
  }
  return " ";
}

} // namespace

JunitTitles::JunitTitles(const XmlElement& root, const Dialect& dialect) : m_dialect(dialect) {
  if (dialect.test == CaseName::jest) {
    m_jest_separator = shown_separator(root);
  }
}

void JunitTitles::enter(const XmlElement& suite, JunitScope& scope) const {
  scope.suite = suite.value("name");
  const bool is_path = m_dialect.test == CaseName::jest && is_test_path(scope.suite);
  if (m_dialect.suite == SuiteName::file || is_path) {
    scope.file = scope.suite;
  } else if (const std::string* const file = suite.attribute("file")) {
    scope.file = *file;
  }
  const bool is_title = m_dialect.suite == SuiteName::title ||
                        (m_dialect.suite == SuiteName::file_or_title && scope.suite != suite.value("file"));
  if (is_title && !scope.suite.empty()) {
    scope.titles.push_back(scope.suite);
  }
}

void JunitTitles::name(const XmlElement& element, const JunitScope& scope, TestCase& test) const {
  const std::string* const file = element.attribute("file");
  test.file = file == nullptr ? scope.file : *file;
  const std::string own(element.value("name"));
  switch (m_dialect.test) {
  case CaseName::joined:
    test.joined = own;
    test.separator = m_dialect.separator;
    test.titles = m_dialect.separator == " " ? std::vector{own} : split_titles(own, m_dialect.separator);
    return;
  case CaseName::split:
    test.titles = scope.titles;
    for (std::string& part : split_titles(own, m_dialect.separator)) {
      test.titles.push_back(std::move(part));
    }
    return;
  case CaseName::only_name:
    test.titles = scope.titles;
    test.titles.push_back(own);
    return;
  case CaseName::jest:
    return name_jest(element, scope, test);
  case CaseName::mocha:
    return name_mocha(element, scope, test);
  case CaseName::mocha_xunit:
    if (test.file == "undefined") { // of a hook outside of every suite
      test.file.clear();
    }
    test.titles = {std::string(element.value("classname")), own};
    std::erase(test.titles, "");
    test.joined = join(test.titles, " ");
    test.separator = " ";
    return;
  case CaseName::catch2:
  case CaseName::class_and_name:
    return name_by_class(element, scope, test);
  }
}

void JunitTitles::name_by_class(const XmlElement& element, const JunitScope& scope, TestCase& test) const {
  test.titles = scope.titles;
  const std::string_view name = element.value("name");
  std::string_view class_name = element.value("classname");
  if (m_dialect.test == CaseName::catch2 && class_name.starts_with(scope.suite + ".")) {
    class_name.remove_prefix(scope.suite.size() + 1);
    class_name = class_name == "global" ? std::string_view() : class_name;
  }
  if (!class_name.empty() && class_name != scope.suite && class_name != name && class_name != scope.file) {
    test.titles.emplace_back(class_name);
  }
  test.titles.emplace_back(name);
}

/// By default `classname` and `name` are the same text. Where the templates differ, the class is the file or
/// the titles above the test's own.
void JunitTitles::name_jest(const XmlElement& element, const JunitScope& scope, TestCase& test) const {
  const std::string name(element.value("name"));
  const std::string class_name(element.value("classname"));
  test.separator = m_jest_separator;
  if (is_test_path(class_name)) {
    test.file = scope.file.empty() ? class_name : test.file;
    test.joined = name;
  } else if (class_name == name || class_name.empty()) {
    test.joined = name;
  } else if (name.starts_with(class_name + test.separator)) {
    test.joined = name;
  } else {
    test.joined = class_name + test.separator + name;
  }
  test.titles = test.separator == " " ? std::vector{test.joined} : split_titles(test.joined, test.separator);
}

/// `<testsuite name="inner"><testcase name="outer inner title" classname="title">`.
void JunitTitles::name_mocha(const XmlElement& element, const JunitScope& scope, TestCase& test) const {
  const std::string name(element.value("name"));
  const std::string title(element.value("classname"));
  if (name == title || scope.suite == "Root Suite") {
    test.titles = {name};
  } else if (name == fmt::format("{} {}", scope.suite, title)) {
    test.titles = {scope.suite, title};
  } else {
    test.titles = {scope.suite, title};
    test.joined = name;
    test.separator = " ";
  }
}

} // namespace ctest_matrix
