// The artifacts of a plan on disk: their globs expanded and the Ninja file written.
#pragma once

#include "artifact/ninja_file.hpp"
#include "base/result.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <vector>

namespace ctest_matrix {

/// Where the Ninja file, the stamps and Ninja's log of a plan are.
std::filesystem::path artifacts_directory(const CommonPlan& common);
std::filesystem::path artifacts_ninja(const CommonPlan& common);

/// Where it is noted what the inputs, or the outputs, of an artifact were at its last build
/// (base/content.hpp).
std::filesystem::path built_from(const CommonPlan& common, const Artifact& artifact);
std::filesystem::path built_outputs(const CommonPlan& common, const Artifact& artifact);

/// Writes the Ninja file, and the files that it names, where they differ.
Result<void> write_artifacts_ninja(const CommonPlan& common);

} // namespace ctest_matrix
