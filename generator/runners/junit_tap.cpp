#include "runners/junit_tap.hpp"

#include "base/text.hpp"
#include "runners/junit_failure.hpp"
#include "runners/junit_parts.hpp"
#include "runners/tap.hpp"

#include <algorithm>
#include <utility>

namespace ctest_matrix {

namespace {

void add_failures(const XmlElement& element, const std::string& file, RunnerReport& report) {
  for (const XmlElement& child : element.children) {
    if (one_of(child.name, k_junit_failures)) {
      report.file_failures.push_back({.file = file, .message = failure_text(child)});
    }
  }
}

} // namespace

Result<void> read_carried_tap(const XmlElement& suite, RunnerReport& report) {
  const std::string name(suite.value("name"));
  const XmlElement* const output = suite.child("system-out");
  bool any_failed = false;
  if (output != nullptr && !trim(output->text).empty()) {
    TRY_ASSIGN(RunnerReport stream, parse_tap(output->text));
    for (TestCase& test : stream.tests) {
      any_failed |= test.status == TestStatus::failed;
      test.titles.insert(test.titles.begin(), name);
      report.tests.push_back(std::move(test));
    }
    report.says_success &= stream.says_success;
    report.notes.insert(report.notes.end(), stream.notes.begin(), stream.notes.end());
    report.file_failures.insert(report.file_failures.end(), stream.file_failures.begin(),
                                stream.file_failures.end());
    if (stream.skipped_whole) {
      report.skipped_whole = stream.skipped_whole;
    }
  }
  for (const XmlElement& test : suite.children) {
    if (test.name == "testcase" && !any_failed) { // a todo that passed, for one
      add_failures(test, name, report);
    }
  }
  add_failures(suite, name, report);
  return {};
}

} // namespace ctest_matrix
