#include "runners/vitest_json.hpp"

#include "base/input_text.hpp"
#include "base/json.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_what = "vitest-json report";

enum class Writer { vitest, jest };

Error wrong_shape(const std::string& where, std::string_view expected) {
  return bad_input(k_what, fmt::format("{}: expected {}", where, expected));
}

/// The report as JSON. JavaScript writes half of a surrogate pair (a message cut inside an emoji) as an
/// escape, and of a key that an object has twice it means the last.
Result<Json> parse_report_json(std::string_view text) {
  const JsonRules rules{.max_depth = 64,
                        .twice = JsonRules::Twice::last_counts,
                        .lone_surrogate = JsonRules::LoneSurrogate::replaced};
  JsonProblem problem;
  if (auto json = parse_json(text, rules, problem)) {
    return *std::move(json);
  }
  if (problem.kind == JsonProblem::Kind::too_deep) {
    return bad_input(k_what, fmt::format("nested more than {} levels deep at {}", rules.max_depth,
                                         place_of_byte(text, problem.offset)));
  }
  return bad_input(k_what, problem.kind == JsonProblem::Kind::number_too_large ? "a number is out of range"
                                                                               : problem.words(text));
}

/// The member of that key; null where there is none, and where it is a JSON null.
const Json* member(const Json& object, std::string_view key) {
  const Json* const found = object.find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

Result<std::vector<std::string>> texts(const Json& object, std::string_view key, const std::string& where) {
  std::vector<std::string> all;
  const Json* const found = member(object, key);
  if (found == nullptr) {
    return all;
  }
  for (const Json& item : found->items()) {
    if (item.as_string() == nullptr) {
      break;
    }
    all.push_back(*item.as_string());
  }
  if (!found->is_array() || all.size() != found->size()) {
    return wrong_shape(fmt::format("{}.{}", where, key), "an array of strings");
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
  return bad_input(k_what,
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

Result<TestCase> parse_test(const Json& json, const std::string& file, Writer writer,
                            const std::string& where) {
  if (!json.is_object()) {
    return wrong_shape(where, "an object");
  }
  const std::string* const title = json["title"].as_string();
  if (title == nullptr) {
    return wrong_shape(where + ".title", "a string");
  }
  const std::string status = json["status"].string_or("");

  TestCase test;
  test.file = file;
  TRY_ASSIGN(test.titles, texts(json, "ancestorTitles", where));
  test.titles.push_back(*title);
  TRY_ASSIGN(const std::vector<std::string> messages, texts(json, "failureMessages", where));
  TRY_ASSIGN(test.status, parse_status(status, where));
  test.duration = duration_of(json);
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
    for (const std::string& message : test.messages) {
      if (SourcePlace place = place_in_stack(message, file); place.line > 0) {
        test.source_file = std::move(place.file);
        test.source_line = place.line;
        break;
      }
    }
  }
  return test;
}

Result<void> add_file(const Json& json, Writer writer, const std::string& where, RunnerReport& report) {
  if (!json.is_object()) {
    return wrong_shape(where, "an object");
  }
  const std::string file = json["name"].string_or("");
  if (file.empty()) {
    return wrong_shape(where + ".name", "a file's path");
  }
  const std::string status = json["status"].string_or("");
  if (status != "passed" && status != "failed" && status != "skipped" && status != "pending" &&
      status != "focused") {
    return bad_input(k_what, fmt::format("{}.status: unknown status '{}'; expected one of: passed, failed, "
                                         "skipped, pending, focused",
                                         where, clean_text(status)));
  }
  const Json::Array* const tests = json["assertionResults"].as_array();
  if (tests == nullptr) {
    return wrong_shape(where + ".assertionResults", "an array");
  }

  report.files.push_back(file);
  bool test_failed = false;
  for (std::size_t i = 0; i < tests->size(); ++i) {
    TRY_ASSIGN(TestCase test,
               parse_test((*tests)[i], file, writer, fmt::format("{}.assertionResults[{}]", where, i)));
    test_failed = test_failed || test.status == TestStatus::failed;
    report.tests.push_back(std::move(test));
  }
  const std::string message = clean_text(json["message"].string_or(""));
  // jest repeats the messages of failed tests here; vitest has the file's own error.
  const bool own_message = writer == Writer::vitest && !message.empty();
  if (status == "failed" ? !test_failed || own_message : own_message) {
    report.file_failures.push_back(
        {file, message.empty() ? "failed outside of its tests (a hook, or while it was loaded)" : message});
  }
  return {};
}

void contradict(RunnerReport& report, std::string note) {
  report.says_success = false;
  report.notes.push_back(std::move(note));
}

void check_numbers(const Json& root, RunnerReport& report) {
  const auto listed = [&](TestStatus status) {
    return std::count_if(report.tests.begin(), report.tests.end(),
                         [&](const TestCase& test) { return test.status == status; });
  };
  const auto check = [&](const char* key, std::ptrdiff_t count) {
    if (const Json* const said = member(root, key);
        said != nullptr && said->as_number() != static_cast<double>(count)) {
      contradict(report, fmt::format("{} is {}, but {} listed", key, said->dump(), count));
    }
  };
  check("numTotalTests", static_cast<std::ptrdiff_t>(report.tests.size()));
  check("numPassedTests", listed(TestStatus::passed));
  // vitest counts a test that had not finished as pending; here it failed.
  const std::ptrdiff_t failed = listed(TestStatus::failed);
  if (root["numFailedTests"].number_or(0) > static_cast<double>(failed)) {
    contradict(report,
               fmt::format("numFailedTests is {}, but {} listed", root["numFailedTests"].dump(), failed));
  }
  for (const char* const key : {"numFailedTestSuites", "numRuntimeErrorTestSuites"}) {
    if (root[key].number_or(0) > 0 && failed == 0 && report.file_failures.empty()) {
      contradict(report, fmt::format("{} is {}, but nothing failed", key, root[key].dump()));
    }
  }
}

void note_snapshots(const Json& root, RunnerReport& report) {
  const Json& snapshot = root["snapshot"];
  const std::pair<const char*, const char*> kinds[] = {{"added", "snapshots written"},
                                                       {"updated", "snapshots updated"},
                                                       {"filesRemoved", "snapshot files removed"},
                                                       {"unchecked", "snapshots obsolete"},
                                                       {"unmatched", "snapshots do not match"}};
  for (const auto& [key, words] : kinds) {
    if (const double count = snapshot[key].number_or(0); count > 0) {
      report.notes.push_back(fmt::format("{}: {}", words, count));
    }
  }
}

} // namespace

Result<RunnerReport> parse_vitest_json(std::string_view text) {
  TRY_ASSIGN(const std::string_view checked, checked_text(text, k_what));
  TRY_ASSIGN(const Json root, parse_report_json(checked));
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
  report.says_success = *success;
  if (const std::optional<double> start = root["startTime"].as_number()) {
    report.start = TimePoint(Milliseconds(static_cast<long long>(*start)));
  }
  for (std::size_t i = 0; i < files->size(); ++i) {
    TRY(add_file((*files)[i], writer, fmt::format("testResults[{}]", i), report));
  }
  check_numbers(root, report);
  if (const Json* const interrupted = member(root, "wasInterrupted");
      interrupted != nullptr && interrupted->as_bool() != std::optional(false)) {
    contradict(report, "the run was interrupted");
  }
  note_snapshots(root, report);
  if (const std::size_t handles = root["openHandles"].items().size(); handles > 0) {
    report.notes.push_back(fmt::format("open handles: {}", handles));
  }
  return report;
}

} // namespace ctest_matrix
