// What results of several machines say of one another before any of them is believed: results that stand
// twice and disagree, and results of another commit. Pure.
#pragma once

#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The failure that stands for two results of a cell that cannot both be true; the same of the same two,
/// whichever comes first, and newer than both.
Record conflict_of(const Record& one, const Record& other);

/// Whether two records of one id are not one and the same result.
bool disagree(const Record& one, const Record& other);

/// A conflict for each cell that two shares of a run have run at one commit, with one of them passing and the
/// other not, of which at least one was not known. Every cell is in one share.
std::vector<Record> conflicts_of_shares(std::span<const Record> records, std::span<const Record> known = {});

/// What several journals say, the oldest first: each result once, and a conflict in the place of those that
/// disagree with each other or with what is known. Whatever order the records come in.
std::vector<Record> without_conflicts(std::vector<Record> records, std::span<const Record> known);

bool is_conflict(const Record& record);

/// Marks the result of a share at another commit than `head` as one of other sources.
void mark_other_commit(Record& record, const std::string& head);

/// The commit that a marked result is of; nothing of any other result.
std::optional<std::string> other_commit(const Record& record);

/// In what the result of a cell of this matrix is of another configuration than the plan: `encoding cbor
/// there, bare here`, `profile full there, default here`. Empty where that cannot be said.
std::string other_configuration(const Plan& plan, const Record& record);

} // namespace ctest_matrix
