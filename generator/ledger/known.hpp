// What the ledger says of a result: which of its failures are known, and why the others are not. Pure.
#pragma once

#include "ledger/failures.hpp"
#include "ledger/issue_link.hpp"
#include "ledger/ledger.hpp"
#include "plan/plan.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class FailureState {
  unknown,
  known,    ///< the only one that is excused
  changed,  ///< the test is known, but with another message, or as one that passes now and then
  overdue,  ///< known, and the day of its review is past
  reopened, ///< closed, and here again
};

struct JudgedFailure {
  SeenFailure seen;
  FailureState state = FailureState::unknown;
  const LedgerEntry* entry = nullptr; ///< which one says so; null of an unknown one
  std::string reason;                 ///< in words, of those that have an entry and are not known
  std::string infrastructure;         ///< what makes it one of the surroundings; empty: nothing does
};

/// The log of a result; empty where there is none of this very one.
using LogOf = std::function<std::string(const Record&)>;

/// A cell that the matrix has, but not the plan.
struct OtherCell {
  std::string where; ///< `a cell of the profile full`
  Cell cell;
};

/// A ledger, bound to the cells of a plan on a day.
class KnownFailures {
public:
  /// The plan is only read here. `today` is a day as 2026-02-12.
  KnownFailures(Ledger ledger, const Plan& plan, std::string today, std::vector<OtherCell> others = {});

  const Ledger& ledger() const { return m_ledger; }

  /// The entries that are about a cell, in the order of the file.
  std::vector<const LedgerEntry*> entries_of(std::string_view cell) const;

  /// The cells of the plan that an entry is about.
  const std::vector<std::string>& cells_of(const LedgerEntry& entry) const;

  /// Where else the matrix has a cell of this name, or one that an entry about values of axes is about;
  /// empty: nowhere.
  std::string other_place_of(std::string_view cell) const;
  std::string other_place_of(const LedgerEntry& entry) const;

  /// Why an entry excuses nothing whatever fails: closed, every cell of several; empty: it does.
  std::string void_reason(const LedgerEntry& entry) const;

  /// Where the entry's issue is on the web; empty: nowhere that is known.
  std::string link_of(const LedgerEntry& entry) const { return issue_link(m_issues, entry.issue); }

  bool is_overdue(const LedgerEntry& entry) const { return !entry.review.empty() && entry.review < m_today; }

  /// Whether the entry is about one of the failures of a result, with its message; closed and overdue ones,
  /// too. A log that is not there any more may have said what an entry about a log asks for: then how the
  /// cell ended says it.
  bool matches(const LedgerEntry& entry, std::span<const SeenFailure> all, const std::string& log) const;

  /// The failures of a result, each with what is known of it. A set-up that failed and lost tests are never
  /// known; nor is what the ledger knows as flaky, and what failed too often in a row for that: `results` are
  /// those of its cell, the oldest first.
  std::vector<JudgedFailure> judge(const Record& record, std::span<const Record* const> results,
                                   const LogOf& log_of) const;

  /// Whether all that fails is known, and no test was lost: another test that fails besides is not.
  bool excuses(const Record& record, std::span<const Record* const> earlier, const LogOf& log_of) const;

  /// The tests that a failed result of the cell has lost (`tests_lost_by`); none where the plan has no such
  /// cell.
  std::vector<std::string> lost_by(const Record& record, std::span<const Record* const> earlier) const;

private:
  struct Bound {
    Cell cell;
    std::vector<std::size_t> entries;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_test;
  };

  JudgedFailure judge_one(const Bound& bound, SeenFailure failure, std::span<const SeenFailure> all,
                          const std::string& log) const;
  bool is_about(const LedgerEntry& entry, const SeenFailure& failure, std::span<const SeenFailure> all,
                const std::string& log) const;

  Ledger m_ledger;
  Ledger m_surroundings; ///< its entries about the infrastructure
  std::string m_issues;
  std::string m_today;
  std::vector<OtherCell> m_others;
  std::map<std::string, Bound, std::less<>> m_cells;
  std::vector<std::vector<std::string>> m_cells_of; ///< names, by entry
};

/// The failure that an entry is about in a cell; a text is told by its kind.
CellFailure failure_of(const LedgerEntry& entry, const std::string& cell);

} // namespace ctest_matrix
