#include "runners/junit.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "base/xml.hpp"
#include "runners/source_place.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_what = "junit report";

enum class Writer { vitest, playwright, nextest, pytest, catch2, other };

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 6> k_failures{"failure",    "error",  "rerunFailure",
                                                     "rerunError", "failed", "errored"};
constexpr std::array<std::string_view, 2> k_flakes{"flakyFailure", "flakyError"};
constexpr std::array<std::string_view, 5> k_attachments{"properties", "property", "system-out", "system-err",
                                                        "attachments"};

bool any_case_ends_with(const XmlElement& element, std::string_view end) {
  return std::any_of(element.children.begin(), element.children.end(), [&](const XmlElement& child) {
    return child.name == "testcase" ? child.value("classname").ends_with(end)
                                    : any_case_ends_with(child, end);
  });
}

Writer writer_of(const XmlElement& root) {
  const XmlElement* const suite = root.name == "testsuite" ? &root : root.child("testsuite");
  if (root.value("name") == "vitest tests") {
    return Writer::vitest;
  }
  if (root.value("name") == "nextest-run") {
    return Writer::nextest;
  }
  if (root.name == "testsuites" && root.attribute("id") != nullptr && root.attribute("name") != nullptr) {
    return Writer::playwright;
  }
  if (suite != nullptr && suite->value("name") == "pytest") {
    return Writer::pytest;
  }
  return any_case_ends_with(root, ".global") ? Writer::catch2 : Writer::other;
}

/// Seconds with a fraction, `1,234.5` included; 0 for anything else.
Milliseconds parse_seconds(std::string_view text) {
  const std::string digits = replace_all(std::string(trim(text)), ",", "");
  double seconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  constexpr double k_longest = 1e9;
  return Milliseconds(std::isfinite(seconds) ? std::llround(std::clamp(seconds, 0.0, k_longest) * 1000) : 0);
}

/// The element's text, with its `message` in front where the text does not begin with it.
std::string failure_text(const XmlElement& element) {
  const std::string message = clean_text(trim(element.value("message")));
  const std::string text = clean_text(trim(element.text));
  if (text.empty()) {
    return message;
  }
  const std::string first_of_text = text.substr(0, text.find('\n'));
  const std::string first_of_message = message.substr(0, message.find('\n'));
  return first_of_text.find(first_of_message) == std::string::npos ? message + "\n" + text : text;
}

/// The place of a failure: a JavaScript frame in the test's file, else a line of the text that begins with
/// `<file>:<line>:` (pytest, GoogleTest).
SourcePlace failure_place(const std::string& text, const std::string& file) {
  if (SourcePlace place = place_in_stack(text, file); place.line > 0 || file.empty()) {
    return place;
  }
  for (const std::string& line : split_lines(text)) {
    if (line.starts_with(file) && line.size() > file.size() && line[file.size()] == ':') {
      if (const int number = leading_number(std::string_view(line).substr(file.size() + 1)); number > 0) {
        return {file, number};
      }
    }
  }
  return {};
}

/// The first line that begins with `<file>.py:<line>:`, where the file is that of the module.
SourcePlace place_in_module(const std::string& text, std::string_view module) {
  constexpr std::string_view k_end = ".py:";
  for (const std::string& line : split_lines(text)) {
    const std::size_t end = line.find(k_end);
    const std::size_t colon = end + k_end.size() - 1;
    if (end != std::string::npos && is_in_file(module, std::string_view(line).substr(0, colon))) {
      if (const int number = leading_number(std::string_view(line).substr(colon + 1)); number > 0) {
        return {line.substr(0, colon), number};
      }
    }
  }
  return {};
}

/// GoogleTest begins a message with a line of its own for the place.
void drop_place(std::string& message, const std::string& file) {
  const std::size_t end = message.find('\n');
  const std::string first = message.substr(0, end);
  if (end != std::string::npos && !file.empty() && first.starts_with(file + ":") &&
      first.find_first_not_of("0123456789", file.size() + 1) == std::string::npos) {
    message.erase(0, end + 1);
  }
}

/// The suites around a test.
struct Scope {
  std::vector<std::string> titles;
  std::string file;
  std::string suite; ///< name of the innermost one
};

class Reader {
public:
  explicit Reader(const XmlElement& root) : m_writer(writer_of(root)) {}

  Result<void> read_suite(const XmlElement& element, Scope scope) {
    const Mark before{m_report.tests.size(), m_report.file_failures.size(), m_cases};
    if (element.name == "testsuite") {
      enter(element, scope);
    }
    for (const XmlElement& child : element.children) {
      if (child.name == "testsuite") {
        TRY(read_suite(child, scope));
      } else if (child.name == "testcase") {
        TRY(read_test(child, scope));
      } else if (one_of(child.name, k_failures)) {
        m_report.file_failures.push_back(
            {scope.file.empty() ? scope.suite : scope.file, failure_text(child)});
      } else if (!one_of(child.name, k_attachments)) {
        return bad_input(k_what, fmt::format("unknown element <{}> in <{}>", child.name, element.name));
      }
    }
    check_counts(element, before);
    return {};
  }

  RunnerReport take() { return std::move(m_report); }

private:
  /// How much was there before a suite.
  struct Mark {
    std::size_t tests;
    std::size_t file_failures;
    long cases;
  };

  void enter(const XmlElement& element, Scope& scope) {
    scope.suite = element.value("name");
    const bool suite_is_file = m_writer == Writer::vitest || m_writer == Writer::playwright;
    if (suite_is_file) {
      scope.file = scope.suite;
    } else if (const std::string* const file = element.attribute("file")) {
      scope.file = *file;
    }
    if (!suite_is_file && !scope.suite.empty() && m_writer != Writer::pytest) {
      scope.titles.push_back(scope.suite);
    }
    add_file(scope.file);
  }

  void add_file(const std::string& file) {
    if (!file.empty() &&
        std::find(m_report.files.begin(), m_report.files.end(), file) == m_report.files.end()) {
      m_report.files.push_back(file);
    }
  }

  std::vector<std::string> titles_of(const XmlElement& element, const Scope& scope) const {
    std::vector<std::string> titles = scope.titles;
    const std::string_view name = element.value("name");
    switch (m_writer) {
    case Writer::vitest:
      return split_titles(name);
    case Writer::playwright:
      return split_titles(name, " › ");
    case Writer::nextest:
      for (std::string& part : split_titles(name, "::")) {
        titles.push_back(std::move(part));
      }
      return titles;
    case Writer::catch2:
    case Writer::pytest:
    case Writer::other:
      break;
    }
    std::string_view class_name = element.value("classname");
    if (m_writer == Writer::catch2 && class_name.starts_with(scope.suite + ".")) {
      class_name.remove_prefix(scope.suite.size() + 1);
      class_name = class_name == "global" ? std::string_view() : class_name;
    }
    if (!class_name.empty() && class_name != scope.suite && class_name != name && class_name != scope.file) {
      titles.emplace_back(class_name);
    }
    titles.emplace_back(name);
    return titles;
  }

  Result<void> read_test(const XmlElement& element, const Scope& scope) {
    ++m_cases;
    TestCase test;
    test.titles = titles_of(element, scope);
    test.file = element.attribute("file") == nullptr ? scope.file : std::string(element.value("file"));
    if (m_writer == Writer::pytest && test.file.empty()) {
      test.module = element.value("classname");
    }
    test.duration = parse_seconds(element.value("time"));
    const std::string where = fmt::format("test '{}'", clean_text(element.value("name")));
    for (const std::string_view attribute : {"status", "result"}) {
      TRY(read_status(element.value(attribute), where, test));
    }
    bool failed = test.status == TestStatus::failed;
    for (const XmlElement& child : element.children) {
      if (one_of(child.name, k_failures)) {
        failed = true;
        test.messages.push_back(failure_text(child));
      } else if (one_of(child.name, k_flakes)) {
        ++test.retries;
        test.messages.push_back(failure_text(child));
      } else if (child.name == "skipped") {
        test.status = TestStatus::skipped;
      } else if (!one_of(child.name, k_attachments)) {
        return bad_input(k_what, fmt::format("{}: unknown element <{}>", where, child.name));
      }
    }
    if (failed) {
      test.status = TestStatus::failed;
    }
    finish(element, std::move(test));
    return {};
  }

  static Result<void> read_status(std::string_view status, const std::string& where, TestCase& test) {
    constexpr std::array<std::string_view, 8> k_ran{"",     "run",     "completed", "passed",
                                                    "pass", "success", "ok",        "successful"};
    constexpr std::array<std::string_view, 5> k_not_run{"notrun", "skipped", "suppressed", "disabled",
                                                        "ignored"};
    constexpr std::array<std::string_view, 5> k_failed{"failed", "fail", "failure", "error", "errored"};
    if (one_of(status, k_not_run)) {
      test.status = TestStatus::skipped;
    } else if (one_of(status, k_failed)) {
      test.status = TestStatus::failed;
    } else if (!one_of(status, k_ran)) {
      return bad_input(k_what, fmt::format("{}: unknown status '{}'", where, clean_text(status)));
    }
    return {};
  }

  void finish(const XmlElement& element, TestCase test) {
    add_file(test.file);
    const std::string_view name = element.value("name");
    const bool whole_file =
        test.status == TestStatus::failed &&
        ((m_writer == Writer::vitest && name == test.file) ||
         (m_writer == Writer::pytest && element.value("classname").empty() && !element.children.empty() &&
          element.children.front().value("message").starts_with("collection failure")));
    if (whole_file) {
      const std::string file = test.file.empty() ? std::string(name) : test.file;
      m_report.file_failures.push_back({file, join(test.messages, "\n")});
      return;
    }
    if (test.status == TestStatus::failed) {
      for (const std::string& message : test.messages) {
        SourcePlace place =
            test.module.empty() ? failure_place(message, test.file) : place_in_module(message, test.module);
        if (place.line > 0) {
          test.source_file = std::move(place.file);
          test.source_line = place.line;
          break;
        }
      }
      for (std::string& message : test.messages) {
        drop_place(message, test.file);
      }
    } else if (test.status != TestStatus::passed) {
      test.retries = 0;
    }
    m_report.tests.push_back(std::move(test));
  }

  void contradict(const XmlElement& element, std::string_view what) {
    m_report.says_success = false;
    m_report.notes.push_back(
        fmt::format("{} '{}' {}", element.name, clean_text(element.value("name")), what));
  }

  /// Nothing when the attribute is not there, -1 when it is no number.
  static std::optional<long> count(const XmlElement& element, std::string_view attribute) {
    const std::string* const text = element.attribute(attribute);
    if (text == nullptr) {
      return std::nullopt;
    }
    long number = -1;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), number);
    return code == std::errc() && end == text->data() + text->size() ? number : -1;
  }

  void check_counts(const XmlElement& element, const Mark& before) {
    const auto begin = m_report.tests.begin() + static_cast<std::ptrdiff_t>(before.tests);
    const bool failed = m_report.file_failures.size() > before.file_failures ||
                        std::any_of(begin, m_report.tests.end(),
                                    [](const TestCase& test) { return test.status == TestStatus::failed; });
    for (const std::string_view attribute : {"failures", "errors"}) {
      const std::optional<long> said = count(element, attribute);
      m_report.says_success = m_report.says_success && said.value_or(0) == 0;
      if (said && *said != 0 && !failed) {
        contradict(element, fmt::format("has {}=\"{}\", but no failed test", attribute,
                                        clean_text(element.value(attribute))));
      }
    }
    const long listed = m_cases - before.cases;
    const std::optional<long> said = count(element, "tests");
    if (said && *said != listed && m_writer != Writer::catch2) {
      contradict(element,
                 fmt::format("has tests=\"{}\", but {} listed", clean_text(element.value("tests")), listed));
    }
  }

  Writer m_writer;
  RunnerReport m_report;
  long m_cases = 0; ///< test cases seen, those that stand for a whole file included
};

} // namespace

Result<RunnerReport> parse_junit(std::string_view text) {
  TRY_ASSIGN(const XmlElement root, parse_xml(text, k_what));
  if (root.name != "testsuites" && root.name != "testsuite") {
    return bad_input(k_what,
                     fmt::format("root element <{}>; expected <testsuites> or <testsuite>", root.name));
  }
  Reader reader(root);
  TRY(reader.read_suite(root, Scope()));
  return reader.take();
}

} // namespace ctest_matrix
