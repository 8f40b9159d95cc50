#include "ledger/friction_draft.hpp"

#include "base/text.hpp"
#include "ledger/cell_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_tests_shown = 10;

/// The run of failures at the end of a cell's results, and the pass before it.
struct Stretch {
  const Record* last_pass = nullptr; ///< null: none is recorded
  const Record* first_failure = nullptr;
  const Record* latest = nullptr;
  int failures = 0;
};

Stretch stretch_of(const std::vector<const Record*>& results) {
  Stretch stretch;
  for (auto record = results.rbegin(); record != results.rend(); ++record) {
    if (earns_tick((*record)->verdict)) {
      stretch.last_pass = *record;
      break;
    }
    stretch.latest = stretch.latest == nullptr ? *record : stretch.latest;
    stretch.first_failure = *record;
    ++stretch.failures;
  }
  return stretch;
}

std::string when(const Record& record) {
  return fmt::format("{}{}", format_timestamp(record.finished),
                     record.commit.empty() ? "" : " at " + short_commit(record.commit));
}

/// What the result rests on and has changed since the other one, by name.
std::vector<std::string> changes_between(const Record& before, const Record& after) {
  std::map<std::string, std::string> old(before.basis.begin(), before.basis.end());
  std::vector<std::string> changed;
  for (const auto& [name, print] : after.basis) {
    const auto found = old.find(name);
    if (found == old.end() || found->second != print) {
      changed.push_back(name);
    }
  }
  return changed;
}

/// What the journal has between two results: builds, starts of services, other cells.
std::string ran_between(const JournalSlice& journal, const Record& before, const Record& after) {
  std::vector<std::string> words;
  std::size_t cells = 0;
  for (const Record& record : journal.records) {
    if (record.finished < before.finished || record.finished > after.finished || &record == &before ||
        &record == &after) {
      continue;
    }
    std::string word;
    if (record.kind == RecordKind::setup) {
      const bool artifact = record.row == "artifact";
      word = fmt::format("{} {} {}", record.row, record.column,
                         !record.brief.empty() ? "failed"
                         : artifact            ? "was built"
                                               : "was started");
    } else if (record.kind == RecordKind::reset) {
      word = "all boxes were opened";
    } else if (record.kind == RecordKind::cell) {
      ++cells;
    }
    if (!word.empty() && std::ranges::find(words, word) == words.end()) {
      words.push_back(word);
    }
  }
  if (cells > 0) {
    words.push_back(fmt::format("{} of cells", plural(cells, "run")));
  }
  return join(words, ", ");
}

/// Which other columns of the row pass or fail the test: `It is specific to wasm: native passes it.`
std::string specific_words(const SuiteHistory& history, const Cell& cell, const std::string& test) {
  std::vector<std::string> passing;
  std::vector<std::string> failing;
  for (const auto& [name, results] : history.results) {
    const Record& record = *results.back();
    if (record.row != cell.row->name || name == cell.name) {
      continue;
    }
    const auto found = std::ranges::find(record.tests, test, &TestOutcome::test);
    const bool tells = test.empty() || found != record.tests.end();
    const bool passes =
        test.empty() ? earns_tick(record.verdict) : tells && found->kind == TestOutcome::Kind::passed;
    const bool fails =
        test.empty() ? !earns_tick(record.verdict) : tells && found->kind == TestOutcome::Kind::failed;
    if (passes || fails) {
      (passes ? passing : failing).push_back(name);
    }
  }
  if (passing.empty() && failing.empty()) {
    return "no other column has run it";
  }
  return failing.empty()   ? fmt::format("specific to {}: {} {} it", cell.name, join(passing, " and "),
                                       passing.size() == 1 ? "passes" : "pass")
         : passing.empty() ? fmt::format("shared: {} {} it, too", join(failing, " and "),
                                         failing.size() == 1 ? "fails" : "fail")
                           : fmt::format("shared with {}; {} {} it", join(failing, " and "),
                                         join(passing, " and "), passing.size() == 1 ? "passes" : "pass");
}

std::string code(std::string_view text) {
  return fmt::format("`{}`", replace_all(std::string(text), "`", "'"));
}

std::string friction_body(const SuiteHistory& history, const Cell& cell, const Record& record) {
  const std::vector<SeenFailure> failures = failures_of(record);
  const Stretch stretch = stretch_of(history.results.find(cell.name)->second);
  std::vector<std::string> lines{
      fmt::format("{} ends as {}{}.", code(cell.name), verdict_name(record.verdict),
                  stretch.failures > 1 ? fmt::format(", {} times in a row", stretch.failures) : ""),
      "", fmt::format("- Cell: {}", code(cell.name))};
  lines.push_back(stretch.last_pass == nullptr ? "- Last passed: never, as far as is recorded here"
                                               : "- Last passed: " + when(*stretch.last_pass));
  lines.push_back("- First failure: " + when(*stretch.first_failure));
  if (stretch.failures > 1) {
    lines.push_back("- Latest failure: " + when(*stretch.latest));
  }
  for (std::size_t i = 0; i < failures.size() && i < k_tests_shown; ++i) {
    const CellFailure& failure = failures[i].failure;
    lines.push_back(
        fmt::format("- {}: {}{}", failure.verdict ? "Ended as" : "Test",
                    code(failure.verdict ? verdict_name(*failure.verdict) : std::string_view(failure.test)),
                    failures[i].detail.empty() ? "" : fmt::format(": {}", code(failures[i].detail))));
    lines.push_back("  - " + specific_words(history, cell, failure.test));
  }
  if (failures.size() > k_tests_shown) {
    lines.push_back(fmt::format("- {} more", plural(failures.size() - k_tests_shown, "failure")));
  }
  if (stretch.last_pass != nullptr) {
    const std::vector<std::string> changed = changes_between(*stretch.last_pass, *stretch.first_failure);
    lines.push_back("- Changed since it passed: " +
                    (changed.empty() ? "nothing that the cell is known to rest on" : join(changed, ", ")));
    const std::string ran = ran_between(history.journal, *stretch.last_pass, *stretch.first_failure);
    if (!ran.empty()) {
      lines.push_back("- Between: " + ran);
    }
  }
  for (const LedgerEntry* entry : open_entries_of(history, cell.name)) {
    lines.push_back(ledger_line(entry_name(*entry), shown_path(history.plan.common, history.file)));
  }
  return join(lines, "\n");
}

} // namespace

std::string ledger_line(const std::string& entry, const std::string& file) {
  return fmt::format("- Ledger: {} ({})", code(entry), file);
}

std::vector<const LedgerEntry*> open_entries_of(const SuiteHistory& history, const std::string& cell) {
  std::vector<const LedgerEntry*> entries = history.known.entries_of(cell);
  std::erase_if(entries, [](const LedgerEntry* entry) { return is_closed(*entry); });
  return entries;
}

FrictionEntry friction_draft(const SuiteHistory& history, const Cell& cell, const Record& record,
                             const std::string& working_on) {
  const std::string commit = commit_now(history.plan.common);
  FrictionEntry entry;
  entry.date = day_of(system_clock().now());
  entry.commit = commit.empty() ? "uncommitted" : commit;
  entry.cell = cell.name;
  const std::string usual = fmt::format("Running {} ({} on {}) of {}.", code(cell.name),
                                        cell.row->suite.empty() ? cell.row->name : cell.row->suite,
                                        cell.variant->column, history.plan.common.name);
  entry.sections = {{std::string(k_working_on), working_on.empty() ? usual : working_on, 0},
                    {std::string(k_friction), friction_body(history, cell, record), 0},
                    {std::string(k_attempted), "", 0},
                    {std::string(k_outcome), "", 0}};
  return entry;
}

std::string outcome_line(const SuiteHistory& history, const std::string& cell) {
  const auto found = history.results.find(cell);
  const Record* first = nullptr;
  std::size_t runs = 0;
  if (found != history.results.end()) {
    for (auto record = found->second.rbegin();
         record != found->second.rend() && earns_tick((*record)->verdict); ++record) {
      first = *record;
      ++runs;
    }
  }
  return first == nullptr ? ""
                          : fmt::format("- {} passes since {}: {} in a row.", code(cell), when(*first),
                                        plural(runs, "run"));
}

} // namespace ctest_matrix
