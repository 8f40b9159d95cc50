// The journal of another machine, and what it does not tell: cells that began and have no end in it, and
// lines that are no records, each of which may be the failure of a cell that passed before. Pure.
#pragma once

#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// A run of a cell of which nobody has told the end.
struct UnknownEnd {
  std::string cell{};
  std::string identity{}; ///< of the cell; empty: not known
  std::string profile{};  ///< empty: not known
  std::string id{};       ///< of the record that tells the end; empty: not known
  TimePoint time{};       ///< it ended behind this
  Verdict verdict = Verdict::crash;
  std::string brief{};
};

struct ForeignJournal {
  std::vector<Record> records{};
  std::vector<UnknownEnd> unknown{};
  std::vector<std::size_t> damaged{}; ///< lines that are no records, from 1
};

/// Reads the text of a journal, whose first line is line `first` of its file. `is_running` says of a
/// beginning whether its launcher is still at work, and owes an end. What a share had before it began anew
/// (`run reset`) is left out, with that reset: it says nothing of the other shares. A line of which nothing
/// can be read may be the end of any cell that has a result in the journal before it.
ForeignJournal parse_foreign_journal(std::string_view text, std::size_t first,
                                     const std::function<bool(const Record&)>& is_running);

/// What is made of a cell that began, and of which no result is known.
enum class NeverEnded {
  left_out, ///< it has no tick that could be wrong
  failed,
};

/// A failure for each cell of the plan of which the newest of the known results is a pass, and older than a
/// run whose end is not known: that pass says nothing of what came after it.
std::vector<Record> failures_for(const Plan& plan, std::span<const UnknownEnd> unknown,
                                 std::span<const Record> known, NeverEnded never = NeverEnded::left_out);

/// `/back/journal.jsonl:7: no record of a journal, left out; no cell is ticked of which it may be the end`;
/// empty where every line is a record.
std::string damage_text(const std::string& file, const ForeignJournal& journal);

} // namespace ctest_matrix
