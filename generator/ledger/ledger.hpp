// The ledger: a text file, committed by people, of the failures that are known. What it says of a result is
// in ledger/known.hpp. Pure.
#pragma once

#include "base/diagnostics.hpp"
#include "plan/verdict.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// What fails in a cell: a test by its title, or the cell as a whole by its verdict.
struct CellFailure {
  std::string cell;
  std::string test;               ///< empty: the cell as a whole
  std::optional<Verdict> verdict; ///< of the cell as a whole

  bool operator==(const CellFailure&) const = default;

  bool operator<(const CellFailure& other) const;
};

/// `Suite > test`, or `(TIMEOUT)`: as a line of the ledger has it behind `<cell>: `.
std::string failure_text(const CellFailure& failure);

/// What an entry is about.
enum class EntryKind {
  test,           ///< a test by its title
  verdict,        ///< `(TIMEOUT)`: the cell as a whole
  message,        ///< `(message) text`: any test whose message has this text
  log,            ///< `(log) text`: the cell as a whole, where its log has this text
  infrastructure, ///< `*: (infrastructure) text`: names failures, excuses none
};

/// An end of an entry, or its return.
struct EntryEvent {
  bool closed = true; ///< false: reopened
  std::string date;
  std::string commit;
  std::string note; ///< `29 green runs in a row`

  bool operator==(const EntryEvent&) const = default;
};

struct MeasuredRate {
  int failed = 0;
  int runs = 0;

  bool operator==(const MeasuredRate&) const = default;
};

struct LedgerEntry {
  std::string where{};              ///< as it is written: `actor-conn.wasm`, `runtime=wasm, file=actor-conn`
  std::vector<std::string> cells{}; ///< by name; none: by axes
  std::vector<std::pair<std::string, std::vector<std::string>>>
      axes{}; ///< all of them; also `file`, `column`
  EntryKind kind = EntryKind::test;
  std::string text{};               ///< the title or the text, empty of a verdict
  std::optional<Verdict> verdict{}; ///< of a cell as a whole
  std::vector<Verdict> outcomes{};  ///< how the cell ends by it, besides FAIL
  bool flaky = false;               ///< passes now and then
  std::string message{};            ///< normalised; empty: whatever it is
  bool any_message = false;         ///< it says that it is about any, `message: (any)`
  std::string issue{};
  std::string since{}; ///< date
  std::string commit{};
  std::string review{}; ///< date until which it holds; empty: no end
  std::optional<MeasuredRate> rate{};
  std::string note{};
  std::string friction{}; ///< date of the entry of the friction log
  std::vector<EntryEvent> events{};
  int first = 0; ///< line of the first comment above it
  int line = 0;
  int last = 0; ///< line of its last detail

  bool operator==(const LedgerEntry&) const = default;
};

/// Whether it was closed, and not reopened since: it excuses nothing then.
bool is_closed(const LedgerEntry& entry);

/// Whether it is about a test, or a cell as a whole, with whatever message it fails.
bool excuses_any_message(const LedgerEntry& entry);

/// How often it was closed.
int times_closed(const LedgerEntry& entry);

/// `Suite > test`, `(TIMEOUT)`, `(message) text`: what stands behind `<where>: `.
std::string entry_text(const LedgerEntry& entry);

/// `<where>: <what>`
std::string entry_name(const LedgerEntry& entry);

struct Ledger {
  std::vector<std::string> lines; ///< all of the file, without their newlines
  bool ends_open = false;         ///< the last line has no newline
  std::string matrix;             ///< of `matrix: <name>`; empty: it does not say
  std::vector<LedgerEntry> entries;
};

/// Reads lines `<cells or axes>: <test>`, `…: (<verdict>)`, `…: (message) <text>` or `…: (log) <text>`, in
/// any order, each with its details (`  issue: DT-48`) on indented lines below it, and comments (`#`) on
/// lines of their own. Every mistake is a diagnostic (B001 to B008); nothing when one of them is an error.
std::optional<Ledger> parse_ledger(const std::string& file, std::string_view text, Diagnostics& diagnostics);

/// The text that was read.
std::string render_ledger(const Ledger& ledger);

/// The text without the entries in these lines and the comments above them, and with new entries: where the
/// order puts them if the file keeps one, else behind the last one. All other lines stay as they are.
std::string with_changes(const Ledger& ledger, const std::set<int>& dropped, std::vector<LedgerEntry> added);

enum class DetailPlace { added, replaced };

/// A detail for an entry: behind its others, or in place of the one of that name, if there is one.
struct DetailEdit {
  int line = 0; ///< of the entry
  std::string key;
  std::string value;
  DetailPlace place = DetailPlace::added;
};

/// The text with these details, those of an entry in their order.
std::string with_details(const Ledger& ledger, std::vector<DetailEdit> edits);
std::string with_detail(const Ledger& ledger, const LedgerEntry& entry, std::string_view key,
                        std::string_view value, DetailPlace place);

/// Letters and digits that a text of `(message)` or `(log)` needs besides placeholders.
inline constexpr std::size_t k_least_substance = 12;

/// What stands for the message of an entry that is about any.
inline constexpr std::string_view k_any_message = "(any)";

/// Whether a text is a day as 2026-02-12.
bool is_day(std::string_view text);

} // namespace ctest_matrix
