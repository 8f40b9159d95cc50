#include "progress/journal.hpp"

#include "base/files.hpp"
#include "base/formats.hpp"
#include "base/json_fields.hpp"
#include "base/json_quick.hpp"
#include "base/text.hpp"
#include "progress/journal_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <limits>
#include <random>

namespace ctest_matrix {

// The JSON of a record (base/json_fields.hpp).

template <>
inline constexpr std::array<std::pair<std::string_view, RecordKind>, 5> k_json_names<RecordKind>{
    {{"cell", RecordKind::cell},
     {"reset", RecordKind::reset},
     {"note", RecordKind::note},
     {"setup", RecordKind::setup},
     {"begin", RecordKind::begin}}};

template <>
inline constexpr std::array<std::pair<std::string_view, Origin>, 3> k_json_names<Origin>{
    {{"own", Origin::own}, {"merged", Origin::merged}, {"applied", Origin::applied}}};

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
    tests.reserve(titles.passed.size() + titles.failed.size() + titles.skipped.size());
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
void fields(Archive& archive, RecordedProcess& process) {
  archive("boot", process.boot);
  archive("names", process.names);
  archive("pid", process.pid);
  archive("start_time", process.start_time);
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
  archive.if_set("digest", record.digest);
  archive.if_set("runner", record.runner);
  archive.if_set("lost", record.lost);
  archive.if_set("share", record.share);
  archive.if_set("split", record.split);
  archive.if_set("run", record.run);
}

template <typename Archive>
void fields(Archive& archive, Record& record) {
  archive.constant("version", k_journal_format);
  archive("kind", record.kind);
  archive("id", record.id);
  archive("profile", record.profile);
  archive("finished", record.finished);
  archive("commit", record.commit);
  archive.if_set("identity", record.identity);
  archive.if_set("origin", record.origin);
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
  case RecordKind::begin:
    archive("cell", record.cell);
    archive("row", record.row);
    archive("column", record.column);
    archive.as_object("axes", record.axes);
    archive("process", record.process);
    break;
  case RecordKind::reset:
    break;
  }
}

namespace {

constexpr std::uintmax_t k_newest = 4U << 20U; // bytes
constexpr std::string_view k_begin_begin =
    R"({"version":1,"kind":"begin",)"; ///< how the line of a begin begins
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
         record.duration <= longest && is_count(record.leaked) && is_count(record.lost) &&
         is_count(record.counts.passed) && is_count(record.counts.failed) &&
         is_count(record.counts.skipped) &&
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

namespace {

/// Reads a record into one that is new. False: it is none that can be believed.
bool parse_into(std::string_view line, Record& record) {
  if (!read_own_json(line, record)) {
    auto read = from_json<Record>(line);
    if (!read) {
      return false;
    }
    record = *std::move(read);
  }
  return has_sane_numbers(record) && !(record.kind == RecordKind::cell && contradicts_itself(record));
}

} // namespace

std::optional<Record> parse_record(std::string_view line) {
  std::optional<Record> record(std::in_place);
  return parse_into(line, *record) ? std::move(record) : std::nullopt;
}

bool is_untold(std::string_view source) {
  return source == "guardian" || source == "journal" || source == "last-tests-failed";
}

VerdictLine verdict_line_of(const Record& record) {
  return {.verdict = record.verdict,
          .cell = record.cell,
          .counts = record.counted ? std::optional(record.counts) : std::nullopt,
          .duration = record.duration,
          .flaky = record.flaky,
          .leaked = record.leaked,
          .record = record.id,
          .identity = record.identity,
          .share = record.share,
          .split = record.split,
          .run = record.run};
}

JournalSlice parse_journal(std::string_view text, std::uint64_t from) {
  JournalSlice slice;
  slice.end = std::min<std::uint64_t>(from, text.size());
  slice.records.reserve(static_cast<std::size_t>(std::ranges::count(text.substr(slice.end), '\n')));
  for (;;) {
    const std::string_view rest = text.substr(slice.end);
    const std::size_t length = rest.find('\n');
    if (length == std::string_view::npos) {
      slice.unreadable += rest.empty() ? 0 : 1;
      return slice;
    }
    const std::string_view line = rest.substr(0, length);
    slice.end += length + 1;
    // Read where it stays: a record is large, and there may be a hundred thousand of them.
    const bool begins = line.starts_with(k_begin_begin);
    std::vector<Record>& records = begins ? slice.begins : slice.records;
    if (!parse_into(line, records.emplace_back())) {
      records.pop_back();
      slice.unreadable += line.empty() ? 0 : 1;
    } else if ((records.back().kind == RecordKind::begin) != begins) {
      (begins ? slice.records : slice.begins).push_back(std::move(records.back()));
      records.pop_back();
    }
  }
}

Result<JournalSlice> read_journal(const std::filesystem::path& path, std::uint64_t from) {
  TRY_ASSIGN(const JournalText journal, read_journal_text(path, from));
  JournalSlice slice = parse_journal(journal.text);
  if (slice.unreadable > 0) {
    TRY(check_journal_format(path, journal.text));
  }
  slice.end += journal.begin;
  return slice;
}

Result<JournalSlice> read_newest(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size <= k_newest) {
    return read_journal(path);
  }
  TRY_ASSIGN(const std::string text, read_end_of_file(path, k_newest));
  return parse_journal(text, text.find('\n') + 1); // behind a line that is cut off
}

Result<void> read_on(const std::filesystem::path& path, JournalSlice& slice) {
  TRY_ASSIGN(JournalSlice more, read_journal(path, slice.end));
  const auto move_over = [](std::vector<Record>& from, std::vector<Record>& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move_over(more.records, slice.records);
  move_over(more.begins, slice.begins);
  slice.unreadable += more.unreadable;
  slice.end = more.end;
  return {};
}

Result<void> append_record(const std::filesystem::path& path, const Record& record) {
  return append_line_durably(path, serialise_record(record));
}

Result<void> append_record_quickly(const std::filesystem::path& path, const Record& record) {
  return append_line_quickly(path, serialise_record(record));
}

Result<void> append_records(const std::filesystem::path& path, const std::vector<Record>& records) {
  std::vector<std::string> lines;
  std::transform(records.begin(), records.end(), std::back_inserter(lines), serialise_record);
  return lines.empty() ? Result<void>() : append_line_durably(path, join(lines, "\n"));
}

} // namespace ctest_matrix
