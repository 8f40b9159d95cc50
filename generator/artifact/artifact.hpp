// Builds an artifact when Ninja, or what happened to its outputs, says so.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// What there was to do.
enum class ArtifactWork { none, built };

/// Brings an artifact, and those it comes after, up to date. Error (setup): the build failed (with the end of
/// its output and the path of its log), or it succeeded without making its outputs; (input): no such
/// artifact.
Result<ArtifactWork> build_artifact(const CommonPlan& common, const std::string& name);

/// Takes the outputs that are there for what the artifact makes of its inputs: they were built from the same
/// elsewhere, as the caller knows. What it comes after is up to date. Error (setup): an output is missing;
/// somebody else builds.
Result<void> take_over_artifact(const CommonPlan& common, const std::string& name);

/// Brings the artifacts of a cell up to date, where no fixture of CTest did. Error (setup): a build failed.
Result<void> build_artifacts_of(const CommonPlan& common, const Cell& cell);

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
