#include "progress/journal.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <random>

namespace ctest_matrix {

namespace {

using Json = nlohmann::ordered_json;

constexpr int k_version = 1;
constexpr std::size_t k_time_digits = 12;
constexpr std::size_t k_random_digits = 8;
constexpr std::int64_t k_time_limit = std::int64_t{1} << 48U; ///< what `k_time_digits` can hold

/// Thrown inside `parse_record` for a field that is missing or of another type.
struct BadField {};

const Json& field(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) {
    throw BadField{};
  }
  return *found;
}

std::string text_field(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_string()) {
    throw BadField{};
  }
  return value.get<std::string>();
}

std::int64_t number_field(const Json& object, const char* name, std::int64_t limit) {
  const Json& value = field(object, name);
  const bool huge =
      value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(limit);
  if (!value.is_number_integer() || huge || value.get<std::int64_t>() < 0) {
    throw BadField{};
  }
  return value.get<std::int64_t>();
}

int count_field(const Json& object, const char* name) {
  return static_cast<int>(number_field(object, name, std::numeric_limits<int>::max() / 2));
}

bool flag_field(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_boolean()) {
    throw BadField{};
  }
  return value.get<bool>();
}

Json failure_json(const Failure& failure) {
  return {
      {"test", failure.test}, {"message", failure.message}, {"file", failure.file}, {"line", failure.line}};
}

Failure failure_of(const Json& object) {
  return {text_field(object, "test"), text_field(object, "message"), text_field(object, "file"),
          count_field(object, "line")};
}

/// {"passed": [titles], "failed": [titles], "skipped": [titles]}
constexpr std::pair<const char*, TestOutcome::Kind> k_kinds[] = {{"passed", TestOutcome::Kind::passed},
                                                                 {"failed", TestOutcome::Kind::failed},
                                                                 {"skipped", TestOutcome::Kind::skipped}};

Json tests_json(const std::vector<TestOutcome>& tests) {
  Json json = Json::object();
  for (const auto& [name, kind] : k_kinds) {
    json[name] = Json::array();
    for (const TestOutcome& test : tests) {
      if (test.kind == kind) {
        json[name].push_back(test.test);
      }
    }
  }
  return json;
}

std::vector<TestOutcome> tests_of(const Json& json) {
  std::vector<TestOutcome> tests;
  for (const auto& [name, kind] : k_kinds) {
    const Json& titles = field(json, name);
    if (!titles.is_array()) {
      throw BadField{};
    }
    for (const Json& title : titles) {
      if (!title.is_string()) {
        throw BadField{};
      }
      tests.push_back({title.get<std::string>(), kind});
    }
  }
  return tests;
}

/// A list of texts that records have only when it is not empty.
std::vector<std::string> names_of(const Json& object, const char* name) {
  std::vector<std::string> names;
  const auto found = object.find(name);
  if (found == object.end()) {
    return names;
  }
  if (!found->is_array()) {
    throw BadField{};
  }
  for (const Json& text : *found) {
    if (!text.is_string()) {
      throw BadField{};
    }
    names.push_back(text.get<std::string>());
  }
  return names;
}

/// Pairs of texts; records of versions before it existed have none.
std::vector<std::pair<std::string, std::string>> basis_of(const Json& object) {
  std::vector<std::pair<std::string, std::string>> basis;
  const auto found = object.find("basis");
  if (found == object.end()) {
    return basis;
  }
  if (!found->is_array()) {
    throw BadField{};
  }
  for (const Json& entry : *found) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_string()) {
      throw BadField{};
    }
    basis.emplace_back(entry[0].get<std::string>(), entry[1].get<std::string>());
  }
  return basis;
}

/// A record that says PASS though it holds the proof of the contrary must not be believed.
bool contradicts_itself(const Record& record) {
  if (record.cell.empty() || record.row.empty() || record.column.empty()) {
    return true;
  }
  if (!earns_tick(record.verdict)) {
    return false;
  }
  const bool ran_nothing = record.source == "cell" && record.counted && record.counts.passed == 0;
  return record.counts.failed > 0 || !record.failures.empty() ||
         (record.verdict == Verdict::pass && ran_nothing);
}

constexpr std::pair<std::string_view, RecordKind> k_record_kinds[] = {{"cell", RecordKind::cell},
                                                                      {"reset", RecordKind::reset},
                                                                      {"note", RecordKind::note},
                                                                      {"setup", RecordKind::setup}};

std::string_view kind_name(RecordKind kind) {
  return std::ranges::find(k_record_kinds, kind, &std::pair<std::string_view, RecordKind>::second)->first;
}

RecordKind kind_of(std::string_view name) {
  const auto found = std::ranges::find(k_record_kinds, name, &std::pair<std::string_view, RecordKind>::first);
  if (found == std::end(k_record_kinds)) {
    throw BadField{};
  }
  return found->second;
}

void read_note(const Json& object, Record& record) {
  record.row = text_field(object, "row");
  record.column = text_field(object, "column");
  record.brief = text_field(object, "text");
}

/// What a fixture does takes this long at most, in milliseconds; a clock that stepped must not stretch a
/// view.
constexpr std::int64_t k_longest_setup = std::int64_t{7} * 24 * 3600 * 1000;

void read_setup(const Json& object, Record& record) {
  record.row = text_field(object, "fixture");
  record.column = text_field(object, "name");
  record.duration = Milliseconds(number_field(object, "duration", k_longest_setup));
  record.brief = text_field(object, "problem");
}

void read_cell(const Json& object, Record& record) {
  record.cell = text_field(object, "cell");
  record.row = text_field(object, "row");
  record.column = text_field(object, "column");
  const Json& axes = field(object, "axes");
  const Json& failures = field(object, "failures");
  if (!axes.is_object() || !failures.is_array()) {
    throw BadField{};
  }
  for (const auto& [axis, value] : axes.items()) {
    if (!value.is_string()) {
      throw BadField{};
    }
    record.axes.emplace_back(axis, value.get<std::string>());
  }
  record.duration = Milliseconds(number_field(object, "duration", k_time_limit));
  const std::optional<Verdict> verdict = parse_verdict(text_field(object, "verdict"));
  if (!verdict) {
    throw BadField{};
  }
  record.verdict = *verdict;
  record.brief = text_field(object, "brief");
  record.flaky = flag_field(object, "flaky");
  record.leaked = count_field(object, "leaked");
  record.restarted = names_of(object, "restarted");
  record.services = names_of(object, "services");
  record.counted = flag_field(object, "counted");
  const Json& counts = field(object, "counts");
  record.counts = {count_field(counts, "passed"), count_field(counts, "failed"),
                   count_field(counts, "skipped")};
  for (const Json& failure : failures) {
    record.failures.push_back(failure_of(failure));
  }
  record.tests = tests_of(field(object, "tests"));
  record.command = text_field(object, "command");
  record.source = text_field(object, "source");
  record.basis = basis_of(object);
  if (contradicts_itself(record)) {
    throw BadField{};
  }
}

} // namespace

std::string new_record_id(const Clock& clock) {
  thread_local std::random_device random;
  const auto time = static_cast<std::uint64_t>(clock.now().time_since_epoch().count());
  return fmt::format("{:012x}-{:08x}", time % static_cast<std::uint64_t>(k_time_limit),
                     random() & 0xFFFF'FFFFU);
}

std::optional<TimePoint> record_id_time(std::string_view id) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (id.size() != k_time_digits + 1 + k_random_digits || id[k_time_digits] != '-' ||
      !std::ranges::all_of(id.substr(0, k_time_digits), is_digit) ||
      !std::ranges::all_of(id.substr(k_time_digits + 1), is_digit)) {
    return std::nullopt;
  }
  std::int64_t time = 0;
  std::from_chars(id.data(), id.data() + k_time_digits, time, 16);
  return TimePoint(Milliseconds(time));
}

std::string serialise_record(const Record& record) {
  Json object{{"version", k_version},
              {"kind", kind_name(record.kind)},
              {"id", record.id},
              {"profile", record.profile},
              {"finished", record.finished.time_since_epoch().count()},
              {"commit", record.commit}};
  if (record.kind == RecordKind::cell) {
    Json axes = Json::object();
    for (const auto& [axis, value] : record.axes) {
      axes[axis] = value;
    }
    Json failures = Json::array();
    for (const Failure& failure : record.failures) {
      failures.push_back(failure_json(failure));
    }
    object["cell"] = record.cell;
    object["row"] = record.row;
    object["column"] = record.column;
    object["axes"] = std::move(axes);
    object["duration"] = record.duration.count();
    object["verdict"] = verdict_name(record.verdict);
    object["brief"] = record.brief;
    object["flaky"] = record.flaky;
    object["leaked"] = record.leaked;
    if (!record.restarted.empty()) {
      object["restarted"] = record.restarted;
    }
    if (!record.services.empty()) {
      object["services"] = record.services;
    }
    object["counted"] = record.counted;
    object["counts"] = {{"passed", record.counts.passed},
                        {"failed", record.counts.failed},
                        {"skipped", record.counts.skipped}};
    object["failures"] = std::move(failures);
    object["tests"] = tests_json(record.tests);
    object["command"] = record.command;
    object["source"] = record.source;
    object["basis"] = record.basis;
  } else if (record.kind == RecordKind::note) {
    object["row"] = record.row;
    object["column"] = record.column;
    object["text"] = record.brief;
  } else if (record.kind == RecordKind::setup) {
    object["fixture"] = record.row;
    object["name"] = record.column;
    object["duration"] = record.duration.count();
    object["problem"] = record.brief;
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Record> parse_record(std::string_view line) {
  const Json object = Json::parse(line, nullptr, false);
  try {
    if (!object.is_object() || number_field(object, "version", k_time_limit) != k_version) {
      return std::nullopt;
    }
    Record record;
    record.kind = kind_of(text_field(object, "kind"));
    record.id = text_field(object, "id");
    record.profile = text_field(object, "profile");
    record.finished = TimePoint(Milliseconds(number_field(object, "finished", k_time_limit - 1)));
    record.commit = text_field(object, "commit");
    if (record.kind == RecordKind::cell) {
      read_cell(object, record);
    } else if (record.kind == RecordKind::note) {
      read_note(object, record);
    } else if (record.kind == RecordKind::setup) {
      read_setup(object, record);
    }
    return record;
  } catch (const BadField&) {
    return std::nullopt;
  }
}

VerdictLine verdict_line_of(const Record& record) {
  return {.verdict = record.verdict,
          .cell = record.cell,
          .counts = record.counted ? std::optional(record.counts) : std::nullopt,
          .duration = record.duration,
          .flaky = record.flaky,
          .leaked = record.leaked,
          .record = record.id,
          .axes = axes_mark(record.axes)};
}

JournalSlice parse_journal(std::string_view text, std::uint64_t from) {
  JournalSlice slice;
  slice.end = std::min<std::uint64_t>(from, text.size());
  for (;;) {
    const std::string_view rest = text.substr(slice.end);
    const std::size_t length = rest.find('\n');
    if (length == std::string_view::npos) {
      slice.unreadable += rest.empty() ? 0 : 1;
      return slice;
    }
    const std::string_view line = rest.substr(0, length);
    if (std::optional<Record> record = parse_record(line)) {
      slice.records.push_back(std::move(*record));
    } else {
      slice.unreadable += line.empty() ? 0 : 1;
    }
    slice.end += length + 1;
  }
}

Result<JournalSlice> read_journal(const std::filesystem::path& path, std::uint64_t from) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return JournalSlice{};
  }
  const Result<std::string> text = read_file(path);
  if (!text) {
    return text.error();
  }
  return parse_journal(*text, from);
}

Result<void> append_record(const std::filesystem::path& path, const Record& record) {
  return append_line_durably(path, serialise_record(record));
}

Result<void> append_records(const std::filesystem::path& path, const std::vector<Record>& records) {
  std::vector<std::string> lines;
  std::transform(records.begin(), records.end(), std::back_inserter(lines), serialise_record);
  return lines.empty() ? Result<void>() : append_line_durably(path, join(lines, "\n"));
}

} // namespace ctest_matrix
