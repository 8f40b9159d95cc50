#include "runners/junit.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "base/xml.hpp"
#include "runners/dialects.hpp"
#include "runners/go_output.hpp"
#include "runners/junit_counts.hpp"
#include "runners/junit_failure.hpp"
#include "runners/junit_parts.hpp"
#include "runners/junit_retries.hpp"
#include "runners/junit_status.hpp"
#include "runners/junit_tap.hpp"
#include "runners/junit_titles.hpp"
#include "runners/report_times.hpp"
#include "runners/skip_reason.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_junit_report = "junit report";

/// Seconds with a fraction, `1,234.5` included; 0 for anything else.
Milliseconds parse_seconds(std::string_view text) {
  const std::string digits = replace_all(std::string(trim(text)), ",", "");
  double seconds = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  constexpr double k_longest = 1e9;
  return Milliseconds(std::isfinite(seconds) ? std::llround(std::clamp(seconds, 0.0, k_longest) * 1000) : 0);
}

/// When a run began, as its report tells it.
struct ToldBegin {
  std::optional<TimePoint> suites; ///< the earliest of the suites
  std::optional<TimePoint> tests; ///< the latest of the tests: clocks that tests set may stand in single ones
  std::string unread;             ///< a time stamp that cannot be read
};

/// Times of the last century are what writers put where they know none.
void read_begins(const XmlElement& element, ToldBegin& told) {
  constexpr TimePoint k_first = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  const std::string stamp(trim(element.value("timestamp")));
  const auto begin = latest_moment(stamp);
  if (!begin && !stamp.empty()) {
    told.unread = stamp;
  } else if (begin && *begin >= k_first) {
    const bool is_test = element.name == "testcase";
    std::optional<TimePoint>& known = is_test ? told.tests : told.suites;
    known = !known ? begin : is_test ? std::max(*known, *begin) : std::min(*known, *begin);
  }
  for (const XmlElement& child : element.children) {
    if (child.name == "testsuite" || child.name == "testcase") {
      read_begins(child, told);
    }
  }
}

class JunitReader {
public:
  explicit JunitReader(const XmlElement& root) : m_dialect(dialect_of(root)), m_titles(root, m_dialect) {
    m_report.writer = m_dialect.name;
    ToldBegin told;
    read_begins(root, told);
    m_report.start = told.suites ? told.suites : told.tests;
    m_report.unread_time = m_report.start ? "" : told.unread;
  }

  Result<void> read_suite(const XmlElement& element, JunitScope scope) {
    if (element.name == "testsuite") {
      m_titles.enter(element, scope);
      if (!is_made_up_suite(m_dialect, element)) {
        add_file(scope.file);
      }
    }
    if (m_dialect.carries_tap && element.name == "testsuite") {
      return read_carried_tap(element, m_report);
    }
    for (const XmlElement& child : element.children) {
      if (child.name == "testsuite" || is_nodes_root(child)) {
        TRY(read_suite(child, scope));
      } else if (child.name == "testcase") {
        TRY(read_test(child, scope));
      } else if (one_of(child.name, k_junit_failures)) {
        m_report.file_failures.push_back(
            {.file = scope.file.empty() ? scope.suite : scope.file, .message = failure_text(child)});
      } else if (!one_of(child.name, k_junit_attachments)) {
        return bad_input(k_junit_report,
                         fmt::format("unknown element <{}> in <{}>", child.name, element.name));
      }
    }
    return {};
  }

  RunnerReport take(const XmlElement& root, std::string_view text, CountCheck counts) {
    if (counts == CountCheck::losses) {
      check_junit_counts(root, m_dialect, m_report);
    }
    if (m_dialect.name == k_node) {
      check_nodes_counts(text, m_report);
    }
    if (m_dialect.name == k_pytest) {
      check_pytests_counts(root, m_report);
    }
    join_attempts(root, m_dialect, m_report);
    take_out_hooks(m_dialect, m_report);
    return std::move(m_report);
  }

private:
  /// What Node calls a suite that it does not know the kind of: that of a hook outside of all suites.
  bool is_nodes_root(const XmlElement& element) const {
    return m_dialect.name == k_node && element.name == "undefined" && element.value("name") == "root";
  }

  void add_file(const std::string& file) {
    if (!file.empty() &&
        std::find(m_report.files.begin(), m_report.files.end(), file) == m_report.files.end()) {
      m_report.files.push_back(file);
    }
  }

  Result<void> read_test(const XmlElement& element, const JunitScope& scope) {
    const XmlElement* const skipped = element.child("skipped");
    if (m_dialect.name == k_node && skipped != nullptr && skipped->value("message") == k_nodes_unmatched) {
      ++m_report.unmatched;
      return {};
    }
    TestCase test;
    m_titles.name(element, scope, test);
    if (m_dialect.name == k_pytest && test.file.empty()) {
      test.module = element.value("classname");
    }
    test.duration = parse_seconds(element.value("time"));
    const std::string where = fmt::format("test '{}'", clean_text(element.value("name")));
    for (const std::string_view attribute : {"status", "result"}) {
      TRY(read_status(element.value(attribute), where, test));
    }
    bool failed = test.status == TestStatus::failed || is_no(element.value("success")) ||
                  is_no(element.value("passed")) || says_failed(element);
    if (is_no(element.value("executed"))) {
      test.status = TestStatus::skipped;
    }
    for (const XmlElement& child : element.children) {
      if (one_of(child.name, k_junit_failures)) {
        failed = true;
        test.messages.push_back(message_of(child));
      } else if (one_of(child.name, k_junit_flakes)) {
        ++test.retries;
        test.messages.push_back(message_of(child));
      } else if (child.name == "skipped") {
        test.status = child.value("type") == "todo" ? TestStatus::todo : TestStatus::skipped;
        test.skip_reason = reason_of(child);
      } else if (!one_of(child.name, k_junit_attachments) && child.name != k_junit_warning) {
        return bad_input(k_junit_report, fmt::format("{}: unknown element <{}>", where, child.name));
      }
    }
    if (std::string why = why_nothing_was_tested(m_dialect, element); !why.empty()) {
      test.status = TestStatus::skipped;
      test.skip_reason = skip_reason(why);
      test.messages.clear();
    } else if (std::string could_not = why_pytest_could_not_run(m_dialect, element); !could_not.empty()) {
      test.status = TestStatus::failed;
      test.messages = {clean_text(could_not)};
    } else if (is_expected_failure(m_dialect, element)) {
      test.status = TestStatus::todo;
    } else if (failed) {
      test.status = TestStatus::failed;
    } else if (never_ran(m_dialect, element)) {
      test.status = TestStatus::skipped;
    }
    finish(element, std::move(test));
    return {};
  }

  std::string message_of(const XmlElement& element) const {
    return m_dialect.name == k_gotestsum ? go_test_message(failure_text(element)) : failure_text(element);
  }

  /// Why a test is skipped. pytest has the place in the text; Go's own word for a failure is none for a skip.
  std::string reason_of(const XmlElement& skipped) const {
    const std::string_view message = skipped.value("message");
    if (m_dialect.name == k_gotestsum) {
      const std::string said = go_test_message(failure_text(skipped));
      return said == go_test_message("") ? "" : skip_reason(said);
    }
    if (m_dialect.name == k_pytest && message == "collection skipped") {
      return module_skip_reason(skipped.text);
    }
    return skip_reason(trim(message).empty() ? std::string_view(skipped.text) : message);
  }

  /// Attributes that few writers have, and none knows all words of: only what fails is heard.
  static bool says_failed(const XmlElement& test) {
    constexpr std::string_view k_attributes[] = {"outcome", "state", "verdict", "conclusion"};
    return std::ranges::any_of(k_attributes, [&](std::string_view attribute) {
      std::string word(test.value(attribute));
      std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
      return one_of(std::string_view(word), k_junit_failed);
    });
  }

  static bool is_no(std::string_view value) {
    return value == "false" || value == "False" || value == "FALSE";
  }

  static Result<void> read_status(std::string_view status, const std::string& where, TestCase& test) {
    if (one_of(status, k_junit_not_run)) {
      test.status = TestStatus::skipped;
    } else if (one_of(status, k_junit_failed)) {
      test.status = TestStatus::failed;
    } else if (!one_of(status, k_junit_ran) && !one_of(status, k_junit_expected)) {
      return bad_input(k_junit_report, fmt::format("{}: unknown status '{}'", where, clean_text(status)));
    }
    return {};
  }

  void finish(const XmlElement& element, TestCase test) {
    if (test.status == TestStatus::passed && is_made_up_function(m_dialect, element)) {
      return;
    }
    if (auto failure = made_up_failure(m_dialect, element, test)) {
      add_file(failure->file == test.file ? test.file : "");
      m_report.file_failures.push_back(*std::move(failure));
      return;
    }
    add_file(test.file);
    if (test.status != TestStatus::skipped) {
      test.skip_reason.clear();
    }
    if (m_dialect.name == k_pytest && test.status == TestStatus::skipped &&
        element.value("classname").empty()) { // a module that skips itself while it is loaded
      m_report.skipped_whole = test.skip_reason;
    }
    if (test.status == TestStatus::failed && m_dialect.name == k_gotestsum) {
      const XmlElement* const failure = element.child("failure");
      place_go_failure(failure == nullptr ? "" : failure_text(*failure), element.value("classname"), test);
    } else if (test.status == TestStatus::failed) {
      place_failure(test);
    } else if (test.status != TestStatus::passed) {
      test.retries = 0;
    }
    m_report.tests.push_back(std::move(test));
  }

  const Dialect& m_dialect;
  JunitTitles m_titles;
  RunnerReport m_report;
};

} // namespace

Result<RunnerReport> parse_junit(std::string_view text, CountCheck counts) {
  TRY_ASSIGN(const XmlElement root, parse_xml(text, k_junit_report));
  if (root.name != "testsuites" && root.name != "testsuite") {
    return bad_input(k_junit_report,
                     fmt::format("root element <{}>; expected <testsuites> or <testsuite>", root.name));
  }
  JunitReader reader(root);
  TRY(reader.read_suite(root, JunitScope()));
  return reader.take(root, text, counts);
}

} // namespace ctest_matrix
