#include "runners/junit_retries.hpp"

#include "base/text.hpp"
#include "runners/source_place.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {

namespace {

long count_cases(const XmlElement& element) {
  long cases = 0;
  for (const XmlElement& child : element.children) {
    cases += child.name == "testcase" ? 1 : count_cases(child);
  }
  return cases;
}

/// What all suites count together; a suite's count includes that of the suites in it.
long counted_tests(const XmlElement& element) {
  if (element.name == "testsuite" && element.attribute("tests") != nullptr) {
    return leading_number(element.value("tests"));
  }
  long counted = 0;
  for (const XmlElement& child : element.children) {
    counted += child.name == "testsuite" ? counted_tests(child) : 0;
  }
  return counted;
}

std::string identity(const TestCase& test) {
  return test.file + "\n" + join(test.titles, "\n");
}

/// The one test that several attempts are: the last one, failed where any of them is and that counts.
TestCase join_all(const SameName same_name, std::vector<TestCase> attempts) {
  const auto failed = [](const TestCase& test) { return test.status == TestStatus::failed; };
  const auto kept = same_name == SameName::failed_then_passed
                        ? std::find_if_not(attempts.begin(), attempts.end(), failed)
                        : std::find_if(attempts.begin(), attempts.end(), failed);
  TestCase test = kept == attempts.end() ? attempts.back() : *kept;
  if (test.status == TestStatus::passed) {
    test.retries += static_cast<int>(attempts.size()) - 1;
    for (const TestCase& attempt : attempts) {
      if (failed(attempt)) {
        test.messages.insert(test.messages.end(), attempt.messages.begin(), attempt.messages.end());
      }
    }
  }
  return test;
}

/// Whether the tests of one name are attempts of one test.
bool are_attempts(SameName same_name, const std::vector<TestCase>& tests) {
  const auto passed = [](const TestCase& test) { return test.status == TestStatus::passed; };
  const auto failed = [](const TestCase& test) { return test.status == TestStatus::failed; };
  return tests.size() > 1 &&
         (same_name == SameName::counted_once ||
          (std::count_if(tests.begin(), tests.end(), passed) == 1 &&
           std::count_if(tests.begin(), tests.end(), failed) == static_cast<long>(tests.size()) - 1));
}

void join_same_names(SameName same_name, RunnerReport& report) {
  std::map<std::string, std::vector<TestCase>> by_name;
  std::vector<std::string> order;
  for (TestCase& test : report.tests) {
    std::vector<TestCase>& attempts = by_name[identity(test)];
    if (attempts.empty()) {
      order.push_back(identity(test));
    }
    attempts.push_back(std::move(test));
  }
  report.tests.clear();
  for (const std::string& name : order) {
    std::vector<TestCase>& attempts = by_name[name];
    if (are_attempts(same_name, attempts)) {
      report.tests.push_back(join_all(same_name, std::move(attempts)));
    } else {
      std::move(attempts.begin(), attempts.end(), std::back_inserter(report.tests));
    }
  }
}

/// jest-junit lists todo tests as passed, without a duration, and does not count them.
void mark_todo(long uncounted, RunnerReport& report) {
  for (TestCase& test : report.tests) {
    if (uncounted > 0 && test.status == TestStatus::passed && test.duration == Milliseconds(0)) {
      test.status = TestStatus::todo;
    }
  }
}

} // namespace

void join_attempts(const XmlElement& root, const Dialect& dialect, RunnerReport& report) {
  const long uncounted = count_cases(root) - counted_tests(root);
  if (dialect.name == k_jest_junit) {
    mark_todo(uncounted - static_cast<long>(report.file_failures.size()), report);
  } else if (dialect.same_name == SameName::failed_then_passed ||
             (dialect.same_name == SameName::counted_once && uncounted > 0)) {
    join_same_names(dialect.same_name, report);
  }
}

} // namespace ctest_matrix
