#include "progress/journal.hpp"

#include "base/files.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <random>

namespace ctest_matrix {

// The JSON of a record (base/json_fields.hpp).

template <>
inline constexpr std::array<std::pair<std::string_view, RecordKind>, 4> k_json_names<RecordKind>{
    {{"cell", RecordKind::cell},
     {"reset", RecordKind::reset},
     {"note", RecordKind::note},
     {"setup", RecordKind::setup}}};

template <>
struct JsonForm<Verdict> {
  static std::string_view to(Verdict verdict) { return verdict_name(verdict); }

  static std::optional<Verdict> from(const std::string& name) { return parse_verdict(name); }
};

/// The titles of tests by what became of them.
struct TitlesByOutcome {
  std::vector<std::string> passed;
  std::vector<std::string> failed;
  std::vector<std::string> skipped;
};

template <typename Archive>
void fields(Archive& archive, TitlesByOutcome& titles) {
  archive("passed", titles.passed);
  archive("failed", titles.failed);
  archive("skipped", titles.skipped);
}

template <>
struct JsonForm<std::vector<TestOutcome>> {
  static TitlesByOutcome to(const std::vector<TestOutcome>& tests) {
    TitlesByOutcome titles;
    for (const TestOutcome& test : tests) {
      list_of(titles, test.kind).push_back(test.test);
    }
    return titles;
  }

  static std::optional<std::vector<TestOutcome>> from(TitlesByOutcome titles) {
    using Kind = TestOutcome::Kind;
    std::vector<TestOutcome> tests;
    for (const Kind kind : {Kind::passed, Kind::failed, Kind::skipped}) {
      for (std::string& title : list_of(titles, kind)) {
        tests.push_back({std::move(title), kind});
      }
    }
    return tests;
  }

private:
  static std::vector<std::string>& list_of(TitlesByOutcome& titles, TestOutcome::Kind kind) {
    return kind == TestOutcome::Kind::passed   ? titles.passed
           : kind == TestOutcome::Kind::failed ? titles.failed
                                               : titles.skipped;
  }
};

template <typename Archive>
void fields(Archive& archive, Counts& counts) {
  archive("passed", counts.passed);
  archive("failed", counts.failed);
  archive("skipped", counts.skipped);
}

template <typename Archive>
void fields(Archive& archive, Failure& failure) {
  archive("test", failure.test);
  archive("message", failure.message);
  archive("file", failure.file);
  archive("line", failure.line);
}

template <typename Archive>
void cell_fields(Archive& archive, Record& record) {
  archive("cell", record.cell);
  archive("row", record.row);
  archive("column", record.column);
  archive.as_object("axes", record.axes);
  archive("duration", record.duration);
  archive("verdict", record.verdict);
  archive("brief", record.brief);
  archive("flaky", record.flaky);
  archive("leaked", record.leaked);
  archive.if_set("restarted", record.restarted);
  archive.if_set("services", record.services);
  archive("counted", record.counted);
  archive("counts", record.counts);
  archive("failures", record.failures);
  archive("tests", record.tests);
  archive("command", record.command);
  archive("source", record.source);
  archive.may_lack("basis", record.basis);
}

template <typename Archive>
void fields(Archive& archive, Record& record) {
  archive.constant("version", 1);
  archive("kind", record.kind);
  archive("id", record.id);
  archive("profile", record.profile);
  archive("finished", record.finished);
  archive("commit", record.commit);
  archive.if_set("merged", record.merged);
  switch (record.kind) {
  case RecordKind::cell:
    cell_fields(archive, record);
    break;
  case RecordKind::note:
    archive("row", record.row);
    archive("column", record.column);
    archive("text", record.brief);
    break;
  case RecordKind::setup:
    archive("fixture", record.row);
    archive("name", record.column);
    archive("duration", record.duration);
    archive("problem", record.brief);
    break;
  case RecordKind::reset:
    break;
  }
}

namespace {

constexpr std::size_t k_time_digits = 12;
constexpr std::size_t k_random_digits = 8;
constexpr std::int64_t k_time_limit = std::int64_t{1} << 48U; ///< what `k_time_digits` can hold

/// What a fixture does takes this long at most; a clock that stepped must not stretch a view.
constexpr Milliseconds k_longest_setup = std::chrono::hours(7 * 24);

/// No number that would upset whoever counts with it.
bool has_sane_numbers(const Record& record) {
  const auto is_count = [](int number) {
    return number >= 0 && number <= std::numeric_limits<int>::max() / 2;
  };
  const std::int64_t finished = record.finished.time_since_epoch().count();
  const Milliseconds longest =
      record.kind == RecordKind::setup ? k_longest_setup : Milliseconds(k_time_limit);
  return finished >= 0 && finished < k_time_limit && record.duration >= Milliseconds(0) &&
         record.duration <= longest && is_count(record.leaked) && is_count(record.counts.passed) &&
         is_count(record.counts.failed) && is_count(record.counts.skipped) &&
         std::ranges::all_of(record.failures, [&](const Failure& failure) { return is_count(failure.line); });
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
  return to_json(record);
}

std::optional<Record> parse_record(std::string_view line) {
  auto record = from_json<Record>(line);
  if (!record || !has_sane_numbers(*record) ||
      (record->kind == RecordKind::cell && contradicts_itself(*record))) {
    return std::nullopt;
  }
  return *std::move(record);
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
