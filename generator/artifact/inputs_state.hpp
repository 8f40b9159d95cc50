// What an artifact was built from, as it is noted after a build and compared before the next one: the files
// that its globs match, and those that its last build read (plan/build_reads.hpp).
#pragma once

#include "plan/plan.hpp"

#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

struct InputsState {
  std::string text;    ///< as `content_state` writes it (base/content.hpp)
  std::string problem; ///< `BuildReads::problem`
};

/// As the files are now; `known` is an earlier such text, which spares reading what has not changed.
InputsState inputs_state(const CommonPlan& common, const Artifact& artifact, std::string_view known);

/// The first difference between two such texts: a file (as `escape_line` writes it), and what became of it.
struct InputsChange {
  std::string file; ///< empty: there is none
  std::string what; ///< changed, added, removed
};

InputsChange first_change(std::string_view before, std::string_view now);

/// The time by which the kernel stamps files, now: that of a file which is written for it. The clocks that a
/// program can read are not the one that the kernel takes: what was written before may have a later time than
/// theirs.
timespec file_clock(const CommonPlan& common);

/// Whether a file was written, or its status changed, after a moment of that clock.
bool changed_after(const std::filesystem::path& file, const timespec& moment);

/// What is to be noted of a build that began at `began` with the inputs `before` and ended with the inputs
/// `after`. A source that changed meanwhile was not built from: it stands there as it was before, or not at
/// all. What the build itself wrote and read (code that it generated) stands there as it is now: what git
/// ignores or a tool keeps, without git what lies below a depfile.
std::string inputs_of_build(const CommonPlan& common, const Artifact& artifact, std::string_view before,
                            std::string_view after, timespec began);

/// The files below the root that the last build read and that no glob of the inputs matches: a checkout
/// without that build does not know of them. Without what git ignores, a tool keeps or an artifact makes.
std::vector<std::string> uncovered_reads(const CommonPlan& common, const Artifact& artifact);

/// Both kinds together, as a remark: `read by the last build` where no glob of the inputs matches the file.
std::string_view how_known(const Artifact& artifact, const std::string& file);

} // namespace ctest_matrix
