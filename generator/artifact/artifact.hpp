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

} // namespace ctest_matrix
