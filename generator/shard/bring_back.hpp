// What a machine hands back of its share, and all of them taken in at once.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "progress/intake.hpp"

#include <filesystem>
#include <string>

namespace ctest_matrix {

/// Copies what is known of the matrix here, its journal, into a directory, as `journal.jsonl`; says so. Error
/// (setup): there is none, as nothing ran. Other errors: it cannot be written.
Result<std::string> collect_results(const CommonPlan& common, const std::filesystem::path& directory);

/// The journals (`*.jsonl`) and files of `ctest --output-junit` (`*.xml`) below the directories, by their
/// paths. Error (setup): there are none.
Result<ResultFiles> results_below(const std::vector<std::filesystem::path>& directories);

} // namespace ctest_matrix
