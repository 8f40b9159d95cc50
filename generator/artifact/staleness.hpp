// Whether artifacts are up to date, without building any.
#pragma once

#include "plan/plan.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Null where the matrix has no such artifact.
const Artifact* find_artifact(const CommonPlan& common, std::string_view name);

/// Ninja does not know the outputs (they are globs), and of the inputs only whether they are newer: whoever
/// deleted, replaced or edited one since the build makes us build again. Empty when nobody did.
std::string changed_since_build(const CommonPlan& common, const Artifact& artifact);

/// The newest of these files below the root.
std::optional<std::pair<std::string, std::filesystem::file_time_type>>
newest(const std::filesystem::path& root, const std::vector<std::string>& files);

/// Why the first of these artifacts that is not up to date is not, without building it; empty when all are.
std::string stale_reason(const CommonPlan& common, const std::vector<std::string>& names);

/// Why artifacts are not up to date, a sentence each, without building any; those that this build directory
/// never built are judged by the times of their files.
std::vector<std::string> stale_artifacts(const CommonPlan& common);

/// What the last build of an artifact read that no glob of its inputs matches, a sentence for each artifact
/// that has `depfile`: a checkout in which nothing was built yet does not know of these files.
std::vector<std::string> uncovered_inputs(const CommonPlan& common);

/// How an artifact stands, in a few words for `explain`; empty where there is nothing to say: `stale: a.rs
/// was changed, read by the last build`, `its last build read 3 files beside its inputs`.
std::string artifact_standing(const CommonPlan& common, const std::string& name);

} // namespace ctest_matrix
