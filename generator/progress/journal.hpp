// The journal: one JSON line for each finished cell and each reset, appended durably and never rewritten.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plan/verdict_line.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// How a record came into the journal.
enum class Origin {
  own,
  merged,  ///< out of another journal: it may have been applied to the same progress file
  applied, ///< out of another journal: it has been applied
};

enum class RecordKind {
  cell,
  reset, ///< the user started over: no record before it says anything any more
  note,  ///< a line for the progress file's log that changes no box
  setup, ///< what a fixture did: an artifact was built, a service started; says nothing about any cell
  begin, ///< the runner of a cell starts; the record of its end has the same id
};

/// Who ran a cell, as far as that can be looked up while the machine is up.
struct RecordedProcess {
  std::string boot;  ///< `boot_id`
  std::string names; ///< `process_namespace`
  int pid = 0;
  std::uint64_t start_time = 0; ///< clock ticks since boot

  bool operator==(const RecordedProcess&) const = default;
};

/// What one finished cell leaves behind. A reset uses only `kind`, `id`, `profile`, `finished` and `commit`;
/// a begin has what names its cell, and `process`, besides (`finished` is when it began);
/// a note has `row`, `column` and `brief` (its text) besides; a set-up has `row` (`artifact` or `service`),
/// `column` (its name: napi, engine.0), `duration` and `brief` (why it failed; empty: it did not).
struct Record {
  RecordKind kind = RecordKind::cell;
  std::string id;     ///< from `new_record_id`
  std::string cell;   ///< actor-conn.wasm
  std::string row;    ///< actor-conn
  std::string column; ///< wasm
  std::string profile;
  std::vector<std::pair<std::string, std::string>> axes; ///< runtime=wasm, encoding=bare, ...: every axis
  TimePoint finished{};
  Milliseconds duration{0};
  Verdict verdict = Verdict::bad_report;
  std::string brief; ///< the reason in one line, empty for a plain PASS
  bool flaky = false;
  int leaked = 0;                     ///< processes that outlived the runner
  std::vector<std::string> restarted; ///< services that had ended, and were started again for this cell
  std::vector<std::string> services;  ///< the instances that it had: engine, of a pool engine.1
  Counts counts;                      ///< all zero where the source does not tell (CTest's own results)
  bool counted = true;                ///< false: the runner has no report, its exit status is all there was
  std::vector<Failure> failures;
  std::vector<TestOutcome> tests; ///< every test of the cell; none where the source does not tell
  std::string commit;             ///< full hash, empty when unknown
  /// Fingerprints of what it depends on, by name (progress/basis.hpp); none where the source does not
  /// tell.
  std::vector<std::pair<std::string, std::string>> basis;
  std::string command; ///< what ran, as one line to paste into a shell
  /// cell (the launcher's own), junit, test-xml, last-test-log; of a launcher that said nothing guardian,
  /// journal, last-tests-failed
  std::string source;
  std::string runner; ///< version of the runner, empty when it does not say it
  /// `cell_identity`, for what is no cell's `matrix_identity`; empty in records of version 0.1.
  std::string identity;
  int lost = 0;         ///< tests of the last pass that are gone or skipped: something has changed since
  std::string digest{}; ///< `basis_digest` where only that is known of the basis
  Origin origin = Origin::own;
  RecordedProcess process{}; ///< the launcher, of a begin
  std::string share{};       ///< of the cells, that ran there: `2/5`, `2/5 by runtime`; empty: no share
  std::string split{};       ///< which cells are in which share
  std::string run{};         ///< of shares: what its CI or cluster calls it; empty: nobody said

  bool operator==(const Record&) const = default;
};

/// 12 hexadecimal digits of Unix milliseconds, `-`, 8 random ones: sorts by time, unique between machines.
std::string new_record_id(const Clock& clock);

/// The time in an id of `new_record_id`; nothing for any other text.
std::optional<TimePoint> record_id_time(std::string_view id);

/// One line of JSON without its newline. Bytes that are not UTF-8 become U+FFFD.
std::string serialise_record(const Record& record);

/// Reads what `serialise_record` writes. Nothing when a field is missing, a verdict is not known, the version
/// is another one, or the record contradicts itself (a PASS with a failed test, or without any test that
/// ran).
std::optional<Record> parse_record(std::string_view line);

/// Whether the source of a record is none that the launcher, or CTest for it, has written.
bool is_untold(std::string_view source);

/// What the launcher of the cell says at its end.
VerdictLine verdict_line_of(const Record& record);

/// A part of a journal.
struct JournalSlice {
  std::vector<Record> records; ///< in file order, without the beginnings
  std::vector<Record> begins;  ///< the same of those
  int unreadable = 0;          ///< lines that are no records, and a last line without its newline
  std::uint64_t end = 0; ///< bytes: behind the last line that has its newline; the next read begins here
};

/// The records of a journal's text from byte `from` on.
JournalSlice parse_journal(std::string_view text, std::uint64_t from = 0);

/// The records of a journal file from byte `from` on; a missing file is an empty journal. Error (input):
/// there but not readable.
Result<JournalSlice> read_journal(const std::filesystem::path& path, std::uint64_t from = 0);

/// The newest records: what the last 4 MiB of a journal file hold. Error (input): as above.
Result<JournalSlice> read_newest(const std::filesystem::path& path);

/// Adds what a journal file has behind the slice, which begins at its beginning. Error (input): as above.
Result<void> read_on(const std::filesystem::path& path, JournalSlice& slice);

/// Appends one record with a single write and flushes it to the disk.
Result<void> append_record(const std::filesystem::path& path, const Record& record);

/// As above, without waiting for the disk.
Result<void> append_record_quickly(const std::filesystem::path& path, const Record& record);

/// Appends several records with one write.
Result<void> append_records(const std::filesystem::path& path, const std::vector<Record>& records);

} // namespace ctest_matrix
