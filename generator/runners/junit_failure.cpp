#include "runners/junit_failure.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "runners/source_place.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_unhandled_suite = "vitest unhandled errors";
constexpr std::string_view k_error_holder = "unittest.suite._ErrorHolder"; // a class or a module

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

/// The place that GoogleTest's message of a failure outside of every test begins with.
void take_place(FileFailure& failure) {
  const std::size_t end = std::min(failure.message.find('\n'), failure.message.size());
  const std::size_t colon = failure.message.substr(0, end).rfind(':');
  if (colon != std::string::npos) {
    failure.source_file = failure.message.substr(0, colon);
    failure.source_line = leading_number(std::string_view(failure.message).substr(colon + 1));
    failure.message.erase(0, end + 1);
  }
}

/// jest-junit writes an error that is no text as JSON: what its `stack` says. One that is a text has jest's
/// heading.
std::string unpacked(std::string message) {
  constexpr std::string_view k_heading = "● Test suite failed to run";
  if (message.starts_with(k_heading)) {
    return std::string(trim(message.substr(k_heading.size())));
  }
  constexpr std::string_view k_stack = "\"stack\":\"";
  const std::size_t begin = message.find(k_stack);
  if (!message.starts_with('{') || begin == std::string::npos) {
    return message;
  }
  std::string text = message.substr(begin + k_stack.size());
  text = text.substr(0, text.find("\",\""));
  text = text.ends_with("\"}") ? text.substr(0, text.size() - 2) : text;
  return replace_all(replace_all(text, "\\n", "\n"), "\\\"", "\"");
}

bool is_vitest_failure(const XmlElement& element, const TestCase& test) {
  return element.value("name") == test.file || test.file == k_unhandled_suite;
}

bool is_pytest_failure(const XmlElement& element) {
  const std::string_view class_name = element.value("classname");
  if (class_name == "pytest" && element.value("name") == "internal") {
    return true;
  }
  return class_name.empty() && !element.children.empty() &&
         element.children.front().value("message").starts_with("collection failure");
}

/// A test environment, or a suite's own set-up.
bool is_gtest_failure(const XmlElement& element) {
  return element.value("name").empty() && element.value("classname").empty();
}

/// A hook outside of every `describe`.
bool is_bun_failure(const XmlElement& element) {
  return element.value("name") == "(unnamed)" && element.value("classname").empty();
}

/// `setUpClass (tests.test_a.TestBox)`, which unittest-xml-reporting puts into a suite of its own.
bool is_unittest_failure(const XmlElement& element) {
  return element.value("classname").empty() && element.value("name").ends_with(')');
}

/// With `reportTestSuiteErrors`.
bool is_jest_failure(const XmlElement& element) {
  const std::string_view class_name = trim(element.value("classname"));
  return class_name == "Test suite failed to run" || class_name.starts_with("Test execution failure: ");
}

} // namespace

std::string failure_text(const XmlElement& element) {
  const std::string message = clean_text(trim(element.value("message")));
  const std::string text = clean_text(trim(element.text));
  if (text.empty()) {
    return message;
  }
  const std::string first_of_text = text.substr(0, text.find('\n'));
  const std::string first_of_message = message.substr(0, message.find('\n'));
  if (first_of_text.find(first_of_message) != std::string::npos) {
    return text;
  }
  // pytest says what stands behind the first line of the message again in the text, behind an `E`.
  std::vector<std::string> behind = split_lines(message);
  behind.erase(behind.begin(), behind.empty() ? behind.end() : behind.begin() + 1);
  std::size_t at = 0; // in the order of the lines: a long text is gone through once
  const bool is_said_again = std::ranges::all_of(behind, [&](const std::string& line) {
    at = text.find(trim(line), at);
    return at != std::string::npos;
  });
  return (is_said_again ? first_of_message : message) + "\n" + text;
}

void place_failure(TestCase& test) {
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
}

bool is_made_up_suite(const Dialect& dialect, const XmlElement& suite) {
  return (dialect.name == k_vitest && suite.value("name") == k_unhandled_suite) ||
         (dialect.name == k_unittest_xml && suite.value("name").starts_with(k_error_holder));
}

std::optional<FileFailure> made_up_failure(const Dialect& dialect, const XmlElement& element,
                                           const TestCase& test) {
  if (dialect.name == k_pytest && element.value("name").empty() && element.value("classname").empty()) {
    return FileFailure{.file = "", .message = "a test had not ended when pytest wrote its report"};
  }
  const bool made_up = test.status == TestStatus::failed &&
                       ((dialect.name == k_vitest && is_vitest_failure(element, test)) ||
                        (dialect.name == k_gtest && is_gtest_failure(element)) ||
                        (dialect.name == k_bun && is_bun_failure(element)) ||
                        (dialect.name == k_unittest_xml && is_unittest_failure(element)) ||
                        (dialect.name == k_pytest && is_pytest_failure(element)) ||
                        (dialect.name == k_jest_junit && is_jest_failure(element)));
  if (!made_up) {
    return std::nullopt;
  }
  FileFailure failure{.file = test.file, .message = unpacked(join(test.messages, "\n"))};
  if (dialect.name == k_unittest_xml) {
    failure.file.clear(); // that of the module `unittest`
    failure.title = element.value("name");
    return failure;
  }
  if (dialect.name == k_gtest) {
    take_place(failure);
  }
  if (element.value("classname") == k_pytest) { // an internal error: the traceback ends with what it is
    const auto lines = split_lines(failure.message);
    failure.message = lines.empty() ? "" : lines.back() + "\n" + failure.message;
  }
  if (test.file == k_unhandled_suite || dialect.name == k_jest_junit) {
    failure.file = test.file == k_unhandled_suite ? "" : test.file;
  } else if (failure.file.empty() && element.value("classname") != "pytest") {
    failure.file = element.value("name");
  }
  return failure;
}

void take_out_hooks(const Dialect& dialect, RunnerReport& report) {
  if (dialect.name != k_vitest) {
    return;
  }
  const auto is_hook = [&](const TestCase& test) {
    const std::string begin = test.joined + test.separator;
    return test.status == TestStatus::failed &&
           std::any_of(report.tests.begin(), report.tests.end(), [&](const TestCase& other) {
             return other.file == test.file && other.joined.starts_with(begin);
           });
  };
  std::vector<TestCase> tests;
  std::vector<FileFailure> hooks;
  for (const TestCase& test : report.tests) {
    if (is_hook(test)) {
      hooks.push_back({.file = test.file,
                       .message = join(test.messages, "\n"),
                       .title = join_titles(test.titles),
                       .source_file = test.source_file,
                       .source_line = test.source_line});
    } else {
      tests.push_back(test);
    }
  }
  report.tests = std::move(tests);
  report.file_failures.insert(report.file_failures.end(), hooks.begin(), hooks.end());
}

} // namespace ctest_matrix
