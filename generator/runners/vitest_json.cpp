#include "runners/vitest_json.hpp"

#include "base/input_text.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace ctest_matrix {

namespace {

using Json = nlohmann::json;

constexpr std::string_view k_what = "vitest-json report";
constexpr int k_max_depth = 64;

enum class Writer { vitest, jest };

Error wrong_shape(const std::string& where, std::string_view expected) {
  return bad_input(k_what, fmt::format("{}: expected {}", where, expected));
}

/// The byte at which the nesting of arrays and objects passes the limit: a tree that deep is nobody's report,
/// and costs a hundred times its text in memory.
std::optional<std::size_t> too_deep_at(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > k_max_depth) {
        return i;
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return std::nullopt;
}

/// 0xD800 to 0xDFFF when the text goes on with `\uD800` to `\uDFFF`, else 0.
unsigned surrogate_at(std::string_view text, std::size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') {
    return 0;
  }
  unsigned value = 0;
  for (const char c : text.substr(at + 2, 4)) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? c + 32 : c);
    if (digit == std::string_view::npos) {
      return 0;
    }
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value >= 0xD800 && value <= 0xDFFF ? value : 0;
}

/// JavaScript writes half of a surrogate pair (a message cut inside an emoji) as an escape that no strict
/// parser accepts: such a half becomes U+FFFD. The length of the text stays.
std::string repair_surrogates(std::string_view text) {
  std::string repaired(text);
  for (std::size_t i = text.find('\\'); i != std::string_view::npos; i = text.find('\\', i)) {
    const unsigned first = surrogate_at(text, i);
    if (first == 0) {
      i += 2;
    } else if (first < 0xDC00 && surrogate_at(text, i + 6) >= 0xDC00) {
      i += 12;
    } else {
      repaired.replace(i, 6, "\\ufffd");
      i += 6;
    }
  }
  return repaired;
}

Result<Json> parse_json(std::string_view text) {
  if (const auto at = too_deep_at(text)) {
    return bad_input(
        k_what, fmt::format("nested more than {} levels deep at {}", k_max_depth, place_of_byte(text, *at)));
  }
  try {
    return Json::parse(text.find("\\u") == std::string_view::npos ? std::string(text)
                                                                  : repair_surrogates(text));
  } catch (const Json::parse_error& error) {
    const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
    return bad_input(k_what, fmt::format("not JSON at {}{}", place_of_byte(text, offset),
                                         offset >= text.size() ? ": the text ends too early" : ""));
  } catch (const Json::exception&) {
    return bad_input(k_what, "a number is out of range");
  }
}

const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text_or_empty(const Json& object, const char* key) {
  const Json* const found = member(object, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

double number_or_zero(const Json& object, const char* key) {
  const Json* const found = member(object, key);
  return found != nullptr && found->is_number() ? found->get<double>() : 0.0;
}

std::size_t size_of_list(const Json& object, const char* key) {
  const Json* const found = member(object, key);
  return found != nullptr && found->is_array() ? found->size() : 0;
}

Result<std::vector<std::string>> texts(const Json& object, const char* key, const std::string& where) {
  std::vector<std::string> all;
  const Json* const found = member(object, key);
  if (found == nullptr) {
    return all;
  }
  const Error wrong = wrong_shape(fmt::format("{}.{}", where, key), "an array of strings");
  if (!found->is_array()) {
    return wrong;
  }
  for (const Json& item : *found) {
    if (!item.is_string()) {
      return wrong;
    }
    all.push_back(item.get<std::string>());
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
      static_cast<Milliseconds::rep>(std::clamp(number_or_zero(test, "duration"), 0.0, k_longest)));
}

int retries_of(const Json& test, Writer writer, std::size_t messages) {
  const double attempts = writer == Writer::jest ? number_or_zero(test, "invocations") - 1 : 0;
  const std::size_t reasons =
      std::max({size_of_list(test, "retryReasons"), size_of_list(test, "retryMessages"),
                writer == Writer::vitest ? messages : 0});
  constexpr double k_most = 1e6;
  return static_cast<int>(std::clamp(std::max(attempts, static_cast<double>(reasons)), 0.0, k_most));
}

Result<TestCase> parse_test(const Json& json, const std::string& file, Writer writer,
                            const std::string& where) {
  if (!json.is_object()) {
    return wrong_shape(where, "an object");
  }
  const Json* const title = member(json, "title");
  if (title == nullptr || !title->is_string()) {
    return wrong_shape(where + ".title", "a string");
  }
  const std::string status = text_or_empty(json, "status");

  TestCase test;
  test.file = file;
  TRY_ASSIGN(test.titles, texts(json, "ancestorTitles", where));
  test.titles.push_back(title->get<std::string>());
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
  const std::string file = text_or_empty(json, "name");
  if (file.empty()) {
    return wrong_shape(where + ".name", "a file's path");
  }
  const std::string status = text_or_empty(json, "status");
  if (status != "passed" && status != "failed" && status != "skipped" && status != "pending" &&
      status != "focused") {
    return bad_input(k_what, fmt::format("{}.status: unknown status '{}'; expected one of: passed, failed, "
                                         "skipped, pending, focused",
                                         where, clean_text(status)));
  }
  const Json* const tests = member(json, "assertionResults");
  if (tests == nullptr || !tests->is_array()) {
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
  const std::string message = clean_text(text_or_empty(json, "message"));
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
    if (const Json* const said = member(root, key); said != nullptr && *said != count) {
      contradict(report, fmt::format("{} is {}, but {} listed", key, said->dump(), count));
    }
  };
  check("numTotalTests", static_cast<std::ptrdiff_t>(report.tests.size()));
  check("numPassedTests", listed(TestStatus::passed));
  // vitest counts a test that had not finished as pending; here it failed.
  const std::ptrdiff_t failed = listed(TestStatus::failed);
  if (number_or_zero(root, "numFailedTests") > static_cast<double>(failed)) {
    contradict(report,
               fmt::format("numFailedTests is {}, but {} listed", root["numFailedTests"].dump(), failed));
  }
  for (const char* const key : {"numFailedTestSuites", "numRuntimeErrorTestSuites"}) {
    if (number_or_zero(root, key) > 0 && failed == 0 && report.file_failures.empty()) {
      contradict(report, fmt::format("{} is {}, but nothing failed", key, root[key].dump()));
    }
  }
}

void note_snapshots(const Json& root, RunnerReport& report) {
  const Json* const snapshot = member(root, "snapshot");
  if (snapshot == nullptr || !snapshot->is_object()) {
    return;
  }
  const std::pair<const char*, const char*> kinds[] = {{"added", "snapshots written"},
                                                       {"updated", "snapshots updated"},
                                                       {"filesRemoved", "snapshot files removed"},
                                                       {"unchecked", "snapshots obsolete"},
                                                       {"unmatched", "snapshots do not match"}};
  for (const auto& [key, words] : kinds) {
    if (const double count = number_or_zero(*snapshot, key); count > 0) {
      report.notes.push_back(fmt::format("{}: {}", words, count));
    }
  }
}

} // namespace

Result<RunnerReport> parse_vitest_json(std::string_view text) {
  TRY_ASSIGN(const std::string_view checked, checked_text(text, k_what));
  TRY_ASSIGN(const Json root, parse_json(checked));
  if (!root.is_object()) {
    return wrong_shape("the report", "an object");
  }
  const Json* const files = member(root, "testResults");
  if (files == nullptr || !files->is_array()) {
    return wrong_shape("testResults", "an array");
  }
  const Json* const success = member(root, "success");
  if (success == nullptr || !success->is_boolean()) {
    return wrong_shape("success", "true or false");
  }

  const Writer writer = root.contains("wasInterrupted") || root.contains("numRuntimeErrorTestSuites")
                            ? Writer::jest
                            : Writer::vitest;
  RunnerReport report;
  report.says_success = success->get<bool>();
  if (const Json* const start = member(root, "startTime"); start != nullptr && start->is_number()) {
    report.start = TimePoint(Milliseconds(static_cast<long long>(start->get<double>())));
  }
  for (std::size_t i = 0; i < files->size(); ++i) {
    TRY(add_file((*files)[i], writer, fmt::format("testResults[{}]", i), report));
  }
  check_numbers(root, report);
  if (const Json* const interrupted = member(root, "wasInterrupted");
      interrupted != nullptr && *interrupted != false) {
    contradict(report, "the run was interrupted");
  }
  note_snapshots(root, report);
  if (const std::size_t handles = size_of_list(root, "openHandles"); handles > 0) {
    report.notes.push_back(fmt::format("open handles: {}", handles));
  }
  return report;
}

} // namespace ctest_matrix
