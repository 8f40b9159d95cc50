// The log of a result, as it lies in the build directory.
#pragma once

#include "ledger/known.hpp"
#include "plan/plan.hpp"

#include <chrono>
#include <filesystem>

namespace ctest_matrix {

inline constexpr std::chrono::seconds k_log_slack{2}; ///< between the clock of the files and that of records

/// The log of this very run: written while it went on. Empty: there is none of it.
std::filesystem::path log_file_of(const CommonPlan& common, const Record& record);

/// What the logs say, of each result that has one; `common` is only read while this lives.
LogOf logs_of(const CommonPlan& common);

} // namespace ctest_matrix
