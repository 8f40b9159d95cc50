#include "runners/junit_counts.hpp"

#include "base/input_text.hpp"
#include "runners/junit_parts.hpp"
#include "runners/junit_status.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace ctest_matrix {

namespace {

/// What is listed below an element.
struct Listed {
  long tests = 0;
  long failed = 0; ///< tests, and suites that failed themselves
  long skipped = 0;
  long attempts = 0; ///< beside the last one of a test
  long expected = 0; ///< failures that were expected
  long said_skipped = 0;
};

/// Nothing when the attribute is not there or empty, -1 when it is no number that one can count with.
std::optional<long> number(const XmlElement& element, std::string_view attribute) {
  const std::string_view text = element.value(attribute);
  if (text.empty()) {
    return std::nullopt;
  }
  long value = -1;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr long k_most = 1'000'000'000'000;
  const bool good = code == std::errc() && end == text.data() + text.size();
  return good && value >= -k_most && value <= k_most ? value : -1;
}

/// The last one: tests can write comments, too. -1 where there is none.
long count_in_comment(std::string_view text, std::string_view what) {
  const std::string begin = fmt::format("<!-- {} ", what);
  const std::size_t at = text.rfind(begin);
  return at == std::string_view::npos ? -1 : leading_number(text.substr(at + begin.size()));
}

class Counter {
public:
  Counter(const XmlElement& root, const Dialect& dialect, RunnerReport& report)
      : m_dialect(dialect), m_report(report) {
    if (dialect.same_name == SameName::failed_then_passed) {
      find_passed(root);
    }
    // Of mocha-junit-reporter only the root says how many pending tests it left out.
    m_left_out = std::max(0L, number(root, "skipped").value_or(0) - listed(root).skipped);
  }

  Listed check(const XmlElement& suite) {
    Listed all;
    for (const XmlElement& child : suite.children) {
      if (child.name == "testsuite") {
        add(all, check(child));
      } else {
        add_child(all, child);
      }
    }
    all.said_skipped = std::max(all.said_skipped, number(suite, "skipped").value_or(0));
    check_failures(suite, all);
    check_tests(suite, all);
    return all;
  }

private:
  using Name = std::pair<std::string_view, std::string_view>;

  static Name name_of(const XmlElement& test) { return {test.value("classname"), test.value("name")}; }

  static bool is_failed(const XmlElement& test) {
    return count_children(test, k_junit_failures) > 0 || one_of(test.value("status"), k_junit_failed) ||
           one_of(test.value("result"), k_junit_failed);
  }

  static bool is_skipped(const XmlElement& test) {
    return test.child("skipped") != nullptr || one_of(test.value("status"), k_junit_not_run) ||
           one_of(test.value("result"), k_junit_not_run);
  }

  void find_passed(const XmlElement& element) {
    for (const XmlElement& child : element.children) {
      if (child.name == "testsuite") {
        find_passed(child);
      } else if (child.name == "testcase" && !is_failed(child) && !is_skipped(child)) {
        m_passed.insert(name_of(child));
      }
    }
  }

  Listed listed(const XmlElement& suite) const {
    Listed all;
    for (const XmlElement& child : suite.children) {
      if (child.name == "testsuite") {
        add(all, listed(child));
      } else {
        add_child(all, child);
      }
    }
    return all;
  }

  static void add(Listed& all, const Listed& more) {
    all.tests += more.tests;
    all.failed += more.failed;
    all.skipped += more.skipped;
    all.attempts += more.attempts;
    all.expected += more.expected;
    all.said_skipped += more.said_skipped;
  }

  void add_child(Listed& all, const XmlElement& child) const {
    if (child.name != "testcase") {
      all.failed += one_of(child.name, k_junit_failures) ? 1 : 0;
      return;
    }
    ++all.tests;
    all.attempts += count_children(child, k_junit_attempts);
    if (is_expected_failure(m_dialect, child)) {
      ++all.expected;
    } else if (is_failed(child)) {
      ++(m_passed.contains(name_of(child)) ? all.attempts : all.failed);
    } else if (is_skipped(child)) {
      ++all.skipped;
    }
  }

  void contradict(const XmlElement& element, std::string_view attribute, std::string_view listed) {
    m_report.says_success = false;
    m_report.notes.push_back(fmt::format("{} '{}' has {}=\"{}\", but {}", element.name,
                                         clean_text(element.value("name")), attribute,
                                         clean_text(element.value(attribute)), listed));
  }

  /// QtTest 5 counts skips and messages as errors.
  long counted(const XmlElement& suite, std::string_view attribute) const {
    const bool of_messages = m_dialect.name == k_qttest && attribute == "errors";
    return of_messages ? 0 : number(suite, attribute).value_or(0);
  }

  void check_failures(const XmlElement& suite, const Listed& all) {
    const long failures = counted(suite, "failures");
    const long errors = counted(suite, "errors");
    const long excused = all.attempts + all.expected;
    if (all.failed == 0 && failures + errors > excused && failures <= excused && errors <= excused) {
      contradict(suite, "errors", "no failed test, and the failures explain all attempts");
    }
    for (const std::string_view attribute :
         {"failures", "errors", "failed", "crashed", "timeouts", "aborted"}) {
      const long said = counted(suite, attribute);
      if (said >= 0 && said <= excused) {
        continue;
      }
      m_report.says_success = false;
      if (all.failed == 0) {
        contradict(suite, attribute, "no failed test");
      }
    }
  }

  /// How many attempts beside the last one of a test `tests` may count: who counts them as tests counts them
  /// as failures, too, and who has no failures counts tests.
  static long counted_attempts(const XmlElement& suite, const Listed& all) {
    const auto failures = number(suite, "failures");
    const auto errors = number(suite, "errors");
    if (!failures && !errors) {
      return all.attempts;
    }
    const long counted = failures.value_or(0) + errors.value_or(0) - all.failed;
    return std::clamp(counted, 0L, all.attempts);
  }

  void check_tests(const XmlElement& suite, const Listed& all) {
    const std::optional<long> said = number(suite, "tests");
    if (!said || m_dialect.counts == CountMeaning::assertions || m_dialect.counts == CountMeaning::reports) {
      return;
    }
    const long children = static_cast<long>(suite.children.size());
    const long listed =
        m_dialect.counts == CountMeaning::children ? std::max(all.tests, children) : all.tests;
    const long left_out = std::max(m_left_out, all.said_skipped - all.skipped);
    if (*said < 0 || *said > listed + counted_attempts(suite, all) + left_out) {
      contradict(suite, "tests", fmt::format("{} listed", all.tests));
    }
  }

  const Dialect& m_dialect;
  RunnerReport& m_report;
  std::set<Name> m_passed; ///< where a failed test of the same name is an attempt
  long m_left_out = 0;     ///< tests that the root counts as skipped and that are not listed
};

} // namespace

void check_junit_counts(const XmlElement& root, const Dialect& dialect, RunnerReport& report) {
  Counter(root, dialect, report).check(root);
}

void check_nodes_counts(std::string_view text, RunnerReport& report) {
  if (count_in_comment(text, "tests") == 0) {
    std::erase_if(report.tests, [](const TestCase& test) { return test.status == TestStatus::passed; });
  }
  const bool failed = std::ranges::any_of(
      report.tests, [](const TestCase& test) { return test.status == TestStatus::failed; });
  for (const std::string_view what : {"fail", "cancelled"}) {
    if (const long count = count_in_comment(text, what); count > 0 && !failed) {
      report.says_success = false;
      report.notes.push_back(fmt::format("{} {} counted at the end, but no failed test", what, count));
    }
  }
}

void check_pytests_counts(const XmlElement& root, RunnerReport& report) {
  const XmlElement* const suite = root.name == "testsuite" ? &root : root.child("testsuite");
  const auto passed = [](const TestCase& test) { return test.status == TestStatus::passed; };
  if (suite != nullptr && number(*suite, "tests") == 0 && std::erase_if(report.tests, passed) > 0) {
    report.skipped_whole = "pytest ran the body of no test (--setup-plan, --setup-only)";
  }
}

} // namespace ctest_matrix
