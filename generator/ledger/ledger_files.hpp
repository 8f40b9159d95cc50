// The ledger and the friction log as they lie in a checkout.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ledger/friction_log.hpp"
#include "ledger/known.hpp"
#include "ledger/seen_before.hpp"
#include "plan/plan.hpp"
#include "plan/project.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The day, here, of a time: 2026-02-12.
std::string day_of(TimePoint time);

/// The ledger of a file. Error (input): it is not there, is bad, or belongs to another matrix.
Result<Ledger> read_ledger(const std::filesystem::path& file, const CommonPlan& common);

/// As above, and an empty one where the file is not there.
Result<Ledger> read_ledger_if_there(const std::filesystem::path& file, const CommonPlan& common);

/// A ledger of the matrix without entries, with what it begins with.
Ledger new_ledger(const CommonPlan& common);

/// The cells that entries of the ledger may be about although the plan does not have them: those of the other
/// profiles, of the profile without what the command line says over it, and of rows whose files are not here.
/// None where every entry names cells of the plan alone. Error (input): the matrix cannot be read.
Result<std::vector<OtherCell>> other_cells(const Ledger& ledger, const Plan& plan,
                                           const ProjectOptions& project);

/// The friction log of the matrix; an empty one where there is none. Diagnostics do not stand in the way.
Result<FrictionLog> read_friction_log(const CommonPlan& common);

/// Error (input): git left a conflict in the log, into which nothing can be written.
Result<void> check_no_conflict(const CommonPlan& common, const FrictionLog& log);

/// The ledger, if there is one, and the friction log, to be searched. Error (input): the log cannot be read.
Result<SeenBefore> seen_before(const CommonPlan& common, const Ledger* ledger,
                               const std::filesystem::path& file);

/// A path as people write it: from the root on, where it lies below that.
std::string shown_path(const CommonPlan& common, const std::filesystem::path& path);

} // namespace ctest_matrix
