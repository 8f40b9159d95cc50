// Which share of the cells is asked for: by variables of ours, or by those of a CI or a cluster.
#pragma once

#include "base/result.hpp"
#include "base/terminal.hpp"
#include "plan/share_name.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace ctest_matrix {

/// The variables that a load of the tests reads.
inline constexpr const char* k_shard_variables[] = {"CTEST_MATRIX_SHARD", "CTEST_MATRIX_SHARD_BY",
                                                    "CTEST_MATRIX_DURATIONS", "CTEST_MATRIX_RUN"};

/// How the cells are split.
struct ShareRequest {
  std::size_t count = 1;
  std::string by{};                  ///< an axis, or `column`: no share has two of its values; empty: any
  std::filesystem::path durations{}; ///< empty: the usual file
  std::string run{};                 ///< `run_of_shares`
};

/// `2/5`: the second of five. Error (usage): anything else; `source` (a variable, an option) said it.
Result<SharePosition> parse_share(const std::string& text, const std::string& source);

/// What the machine is of a job of GitLab (`parallel:`) or of an array of Slurm; nothing elsewhere. Error
/// (usage): their variables contradict each other, or are no numbers.
/// Format: docs.gitlab.com/ci/variables/predefined_variables, slurm.schedmd.com/job_array.html
Result<std::optional<SharePosition>> share_of_machine(const Variable& variable);

/// What CTEST_MATRIX_SHARD asks for: `2/5`, or `auto` for what `share_of_machine` says; nothing where it is
/// not set or empty. Error (usage): anything else, `auto` where no machine says it, one of the other
/// variables without it.
Result<std::optional<SharePosition>> asked_share(const Variable& variable);

/// What tells this run of shares from the ones before, the same on all of its machines: CTEST_MATRIX_RUN, or
/// what GitHub (a run, whatever its attempt), GitLab (a pipeline) or Slurm (an array) calls it; empty where
/// nobody says. Letters, digits, dots, dashes and underscores; a fingerprint of what has others.
std::string run_of_shares(const Variable& variable);

/// How CTEST_MATRIX_SHARD_BY and CTEST_MATRIX_DURATIONS say to split.
ShareRequest share_request(std::size_t count, const Variable& variable);

} // namespace ctest_matrix
