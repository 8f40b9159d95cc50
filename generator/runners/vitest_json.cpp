#include "runners/vitest_json.hpp"

#include "base/input_text.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "runners/dialects.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_vitest_report = "vitest-json report";

enum class Writer { vitest, jest };

Error wrong_shape(const std::string& where, std::string_view expected) {
  return bad_input(k_vitest_report, fmt::format("{}: expected {}", where, expected));
}

/// A member; null also where its value is null.
const Json* member(const Json& object, std::string_view key) {
  const Json* const found = object.find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string text_or_empty(const Json& object, std::string_view key) {
  return object[key].string_or("");
}

Result<std::vector<std::string>> texts(const Json& object, std::string_view key, const std::string& where) {
  std::vector<std::string> all;
  const Json* const found = member(object, key);
  const Error wrong = wrong_shape(fmt::format("{}.{}", where, key), "an array of strings");
  if (found != nullptr && !found->is_array()) {
    return wrong;
  }
  for (const Json& item : object[key].items()) {
    const std::string* const text = item.as_string();
    if (text == nullptr) {
      return wrong;
    }
    all.push_back(*text);
  }
  return all;
}

Result<TestStatus> parse_status(const std::string& status, const std::string& where) {
  if (status == "passed") {
    return TestStatus::passed;
  }
  if (status == "failed") {
    return TestStatus::failed;
  }
  if (status == "skipped" || status == "pending" || status == "disabled") {
    return TestStatus::skipped;
  }
  if (status == "todo") {
    return TestStatus::todo;
  }
  return bad_input(k_vitest_report,
                   fmt::format("{}.status: unknown status '{}'; expected one of: passed, failed, skipped, "
                               "pending, todo, disabled",
                               where, clean_text(status)));
}

Milliseconds duration_of(const Json& test) {
  constexpr double k_longest = 1e12;
  return Milliseconds(
      static_cast<Milliseconds::rep>(std::clamp(test["duration"].number_or(0), 0.0, k_longest)));
}

int retries_of(const Json& test, Writer writer, std::size_t messages) {
  const double attempts = writer == Writer::jest ? test["invocations"].number_or(0) - 1 : 0;
  const std::size_t reasons =
      std::max({test["retryReasons"].items().size(), test["retryMessages"].items().size(),
                writer == Writer::vitest ? messages : 0});
  constexpr double k_most = 1e6;
  return static_cast<int>(std::clamp(std::max(attempts, static_cast<double>(reasons)), 0.0, k_most));
}

void place_by_stack(TestCase& test) {
  for (const std::string& message : test.messages) {
    if (SourcePlace place = place_in_stack(message, test.file); place.line > 0) {
      test.source_file = std::move(place.file);
      test.source_line = place.line;
      return;
    }
  }
}

/// What JavaScript makes of a title that is no text: jest 22 writes it as it is, such as `it([2020, 1], …)`.
/// Nothing where there is none.
std::optional<std::string> title_text(const Json& title) {
  if (const std::string* const text = title.as_string()) {
    return *text;
  }
  if (const Json::Array* const items = title.as_array()) {
    std::vector<std::string> parts;
    for (const Json& item : *items) {
      parts.push_back(item.is_null() ? "" : title_text(item).value_or("[object Object]"));
    }
    return join(parts, ",");
  }
  return title.is_null() || title.is_object() ? std::nullopt : std::optional(title.dump());
}

Result<TestCase> parse_test(const Json& json, const std::string& file, Writer writer,
                            const std::string& where) {
  if (!json.is_object()) {
    return wrong_shape(where, "an object");
  }
  const std::optional<std::string> title = title_text(json["title"]);
  if (!title) {
    return wrong_shape(where + ".title", "a string");
  }
  const std::string status = text_or_empty(json, "status");

  TestCase test;
  test.file = file;
  TRY_ASSIGN(test.titles, texts(json, "ancestorTitles", where));
  test.titles.push_back(*title);
  TRY_ASSIGN(const std::vector<std::string> messages, texts(json, "failureMessages", where));
  TRY_ASSIGN(test.status, parse_status(status, where));
  test.duration = duration_of(json);
  test.only_checked = writer == Writer::vitest && json["meta"]["typecheck"].as_bool() == true;
  for (const std::string& message : messages) {
    test.messages.push_back(clean_text(message));
  }
  if (writer == Writer::vitest && status == "pending") {
    test.status = TestStatus::failed;
    test.messages.emplace_back("had not finished when the report was written");
  }
  if (test.status == TestStatus::passed) {
    test.retries = retries_of(json, writer, messages.size());
  }
  if (test.status == TestStatus::failed) {
    place_by_stack(test);
  }
  return test;
}

/// What jest-junit adds to jest's own list for a file that failed as a whole.
bool is_made_up(const Json& test) {
  return text_or_empty(test, "status") == "error" && member(test, "title") == nullptr;
}

/// What jest says of a hook or of the file itself, beside the failures of its tests.
std::string own_message_of_jest(const std::string& message) {
  constexpr std::string_view k_heading = "● Test suite failed to run";
  const std::size_t begin = message.find(k_heading);
  return begin == std::string::npos ? "" : std::string(trim(message.substr(begin + k_heading.size())));
}

Result<void> check_file_status(const std::string& status, const std::string& where) {
  if (status != "passed" && status != "failed" && status != "skipped" && status != "pending" &&
      status != "focused") {
    return bad_input(k_vitest_report,
                     fmt::format("{}.status: unknown status '{}'; expected one of: passed, failed, "
                                 "skipped, pending, focused",
                                 where, clean_text(status)));
  }
  return {};
}

Result<void> add_file(const Json& json, Writer writer, const std::string& where, RunnerReport& report) {
  if (!json.is_object()) {
    return wrong_shape(where, "an object");
  }
  const std::string file = text_or_empty(json, "name");
  if (file.empty()) {
    return wrong_shape(where + ".name", "a file's path");
  }
  const std::string status = text_or_empty(json, "status");
  TRY(check_file_status(status, where));
  const Json::Array* const tests = json["assertionResults"].as_array();
  if (tests == nullptr) {
    return wrong_shape(where + ".assertionResults", "an array");
  }

  report.files.push_back(file);
  bool test_failed = false;
  for (std::size_t i = 0; i < tests->size(); ++i) {
    if (writer == Writer::jest && is_made_up((*tests)[i])) {
      continue;
    }
    TRY_ASSIGN(TestCase test,
               parse_test((*tests)[i], file, writer, fmt::format("{}.assertionResults[{}]", where, i)));
    test_failed = test_failed || test.status == TestStatus::failed;
    report.tests.push_back(std::move(test));
  }
  const std::string message = clean_text(text_or_empty(json, "message"));
  // jest repeats the messages of failed tests here; vitest has the file's own error.
  const std::string own_message = writer == Writer::vitest ? message : own_message_of_jest(message);
  if (!own_message.empty() || (status == "failed" && !test_failed)) {
    const std::string& known = own_message.empty() ? message : own_message;
    report.file_failures.push_back(
        {.file = file, .message = known.empty() ? std::string(k_failed_outside) : known});
  }
  return {};
}

/// When the run began, in milliseconds since 1970.
Result<std::optional<TimePoint>> start_of(const Json& root) {
  const Json* const start = root.find("startTime");
  if (start == nullptr) {
    return std::optional<TimePoint>();
  }
  constexpr double k_last = 253402300799999; // the year 9999
  const double time = start->number_or(-1);
  if (!(time >= 0 && time <= k_last)) {
    return wrong_shape("startTime", "milliseconds since 1970");
  }
  return std::optional(TimePoint(Milliseconds(static_cast<long long>(time))));
}

void contradict(RunnerReport& report, std::string note) {
  report.says_success = false;
  report.notes.push_back(std::move(note));
}

/// The counts at the top of the report.
struct Numbers {
  std::int64_t total = 0;
  std::int64_t passed = 0;
  std::int64_t failed = 0;
  std::int64_t pending = 0;
  std::int64_t todo = 0;
  std::int64_t failed_suites = 0;
  std::int64_t broken_suites = 0;
};

/// Error (input): one that is no whole number from 0 on. 0 for each that is not there.
Result<Numbers> numbers_of(const Json& root) {
  Numbers numbers;
  const std::pair<const char*, std::int64_t*> all[] = {{"numTotalTests", &numbers.total},
                                                       {"numPassedTests", &numbers.passed},
                                                       {"numFailedTests", &numbers.failed},
                                                       {"numPendingTests", &numbers.pending},
                                                       {"numTodoTests", &numbers.todo},
                                                       {"numFailedTestSuites", &numbers.failed_suites},
                                                       {"numRuntimeErrorTestSuites", &numbers.broken_suites}};
  for (const auto& [key, number] : all) {
    if (const Json* const found = root.find(key)) {
      *number = found->integer_or(-1);
    }
    if (*number < 0) {
      return wrong_shape(key, "a whole number");
    }
  }
  return numbers;
}

/// vitest up to 2.0 counts all but the failed ones as passed, and has nothing pending.
bool counts_skipped_as_passed(const Numbers& numbers, std::int64_t listed_without_failed) {
  return numbers.pending == 0 && numbers.passed == numbers.total - numbers.failed &&
         numbers.passed == listed_without_failed;
}

void check_numbers(const Numbers& said, Writer writer, RunnerReport& report) {
  const auto listed = [&](TestStatus status) -> std::int64_t {
    return std::ranges::count(report.tests, status, &TestCase::status);
  };
  const auto lost = [&](std::string_view key, std::int64_t number, std::int64_t count) {
    if (number > count) {
      contradict(report, fmt::format("{} is {}, but {} listed", key, number, count));
    }
  };
  lost("numTotalTests", said.total, static_cast<std::int64_t>(report.tests.size()));
  lost("numTodoTests", said.todo, listed(TestStatus::todo));
  const auto all = static_cast<std::int64_t>(report.tests.size());
  if (writer != Writer::vitest || !counts_skipped_as_passed(said, all - listed(TestStatus::failed))) {
    lost("numPassedTests", said.passed, listed(TestStatus::passed));
  }
  lost("numFailedTests", said.failed, listed(TestStatus::failed));
  lost("numPendingTests", said.pending, listed(TestStatus::skipped) + listed(TestStatus::todo));
  const std::pair<const char*, std::int64_t> suites[] = {{"numFailedTestSuites", said.failed_suites},
                                                         {"numRuntimeErrorTestSuites", said.broken_suites}};
  for (const auto& [key, count] : suites) {
    if (count > 0 && listed(TestStatus::failed) == 0 && report.file_failures.empty()) {
      contradict(report, fmt::format("{} is {}, but nothing failed", key, count));
    }
  }
}

/// Error (input): a count that is no whole number from 0 on.
Result<void> note_snapshots(const Json& root, RunnerReport& report) {
  const Json* const snapshot = root.find("snapshot");
  if (snapshot == nullptr) {
    return {};
  }
  if (!snapshot->is_object()) {
    return wrong_shape("snapshot", "an object");
  }
  const std::pair<const char*, const char*> kinds[] = {{"added", "snapshots written"},
                                                       {"updated", "snapshots updated"},
                                                       {"filesRemoved", "snapshot files removed"},
                                                       {"unchecked", "snapshots obsolete"},
                                                       {"unmatched", "snapshots do not match"}};
  const std::size_t before = report.notes.size();
  for (const auto& [key, words] : kinds) {
    const Json* const found = snapshot->find(key);
    const std::int64_t count = found == nullptr ? 0 : found->integer_or(-1);
    if (count < 0) {
      return wrong_shape(fmt::format("snapshot.{}", key), "a whole number");
    }
    if (count > 0) {
      report.notes.push_back(fmt::format("{}: {}", words, count));
    }
  }
  const Json* const failure = snapshot->find("failure");
  if (failure != nullptr && failure->as_bool() != false && report.notes.size() == before) {
    contradict(report, "a snapshot failed, and none is said to");
  }
  return {};
}

/// Whether the tests of a file are about types: `a.test-d.ts`.
bool is_of_types(std::string_view file) {
  return file.rfind("-d.") != std::string_view::npos && file.rfind("-d.") > file.rfind('/') + 1;
}

/// What vitest reports as passed of tests that it checked and did not run (`typecheck.only`) is no pass, but
/// in a file that is about types.
void leave_out_checked(RunnerReport& report) {
  const std::size_t checked = std::erase_if(report.tests, [](const TestCase& test) {
    return test.only_checked && test.status == TestStatus::passed && !is_of_types(test.file);
  });
  if (checked > 0 && report.tests.empty()) {
    report.skipped_whole = "vitest checked the types of its tests, and ran none of them (typecheck.only)";
  }
}

/// What a run says of itself as a whole. Error (input): in another shape.
Result<void> note_run(const Json& root, RunnerReport& report) {
  if (const Json* const interrupted = member(root, "wasInterrupted");
      interrupted != nullptr && interrupted->as_bool() != false) {
    contradict(report, "the run was interrupted");
  }
  TRY(note_snapshots(root, report));
  const Json* const handles = root.find("openHandles");
  if (handles != nullptr && handles->as_array() == nullptr) {
    return wrong_shape("openHandles", "an array");
  }
  if (handles != nullptr && !handles->items().empty()) {
    report.notes.push_back(fmt::format("open handles: {}", handles->items().size()));
  }
  return {};
}

Result<Json> parse(std::string_view text) {
  JsonProblem problem;
  // JavaScript writes half of a surrogate pair where a message was cut inside an emoji.
  auto json = parse_json(text, {.lone_surrogate = JsonRules::LoneSurrogate::replaced}, problem);
  if (!json && problem.kind == JsonProblem::Kind::too_deep) {
    return bad_input(k_vitest_report,
                     fmt::format("nested more than {} levels deep at {}", JsonRules().max_depth,
                                 place_of_byte(text, problem.offset)));
  }
  return json ? Result<Json>(*std::move(json)) : bad_input(k_vitest_report, problem.words(text));
}

} // namespace

Result<RunnerReport> parse_vitest_json(std::string_view text, CountCheck counts) {
  TRY_ASSIGN(const std::string_view checked, checked_text(text, k_vitest_report));
  TRY_ASSIGN(const Json root, parse(checked));
  if (!root.is_object()) {
    return wrong_shape("the report", "an object");
  }
  const Json::Array* const files = root["testResults"].as_array();
  if (files == nullptr) {
    return wrong_shape("testResults", "an array");
  }
  const std::optional<bool> success = root["success"].as_bool();
  if (!success) {
    return wrong_shape("success", "true or false");
  }

  const Writer writer =
      root.find("wasInterrupted") != nullptr || root.find("numRuntimeErrorTestSuites") != nullptr
          ? Writer::jest
          : Writer::vitest;
  RunnerReport report;
  report.writer = writer == Writer::jest ? k_jest : k_vitest;
  report.says_success = *success;
  TRY_ASSIGN(report.start, start_of(root));
  for (std::size_t i = 0; i < files->size(); ++i) {
    TRY(add_file((*files)[i], writer, fmt::format("testResults[{}]", i), report));
  }
  TRY_ASSIGN(const Numbers numbers, numbers_of(root));
  if (counts == CountCheck::losses) {
    check_numbers(numbers, writer, report);
  }
  leave_out_checked(report);
  TRY(note_run(root, report));
  return report;
}

} // namespace ctest_matrix
