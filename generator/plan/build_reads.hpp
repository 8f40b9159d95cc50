// What the last build of an artifact read, as its depfiles say (base/depfile.hpp): the same for whether the
// artifact is old, for what a tick rests on, and for what `check` says of the inputs.
//
// Every file counts by its content. One below the root is known by its path there. One outside of the root (a
// system header, a package of a registry) has no name that another machine would know, so only its content
// enters a tick.
#pragma once

#include "plan/plan.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

struct BuildReads {
  /// Sorted; relative to the root, or absolute outside of it. Neither outputs nor depfiles of the artifact.
  std::vector<std::string> files;
  /// Why it cannot be told what was read: a depfile that is missing or makes no sense, a file that one names
  /// and that is gone. Such an artifact is never up to date.
  std::string problem;
};

/// Nothing, without a problem, for an artifact without `depfile`. Relative names are those of files below the
/// artifact's `directory`. A directory stands for all files below it. What esbuild's plugins made up is left
/// out.
BuildReads build_reads(const std::filesystem::path& root, const Artifact& artifact);

/// The patterns of what an artifact is built from: its own outputs and depfiles are not part of it.
std::vector<std::string> inputs_of(const Artifact& artifact);

/// Whether a path below the root belongs to what a tool or a package manager keeps there: below
/// `node_modules`, or below a directory with a `CACHEDIR.TAG` such as cargo's `target`.
bool is_kept_by_a_tool(const std::filesystem::path& root, const std::string& path);

/// A fingerprint of what the last build read: names and contents, of files that a tool keeps (cargo names
/// such directories by hashes) or that lie outside of the root the last part of their names alone.
std::string reads_digest(const CommonPlan& common, const Artifact& artifact);

} // namespace ctest_matrix
