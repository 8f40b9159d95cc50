// What cells rest on where the matrix has no `inputs`: what git knows, or would track, below the runner's
// directory and below the packages of the checkout that are linked there (of a workspace), less what no test
// reads (the progress file, logs, documentation, build directories) and less the test files of rows: each
// cell rests on its own one.
//
// git is asked once for each run of ctest, by its set-up, and the answer is kept in the state directory. A
// cell compares the status of the files with that of the last time, and reads those that changed.
#pragma once

#include "base/clock.hpp"
#include "plan/plan.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The files of a listing of git, of paths relative to the runner's directory, that tests can rest on,
/// sorted. `rows` are the names of all rows. Pure.
std::vector<std::string> sources_among(const CommonPlan& common, std::span<const std::string> rows,
                                       std::vector<std::string> listed);

/// The packages of the checkout outside of the runner's directory that its package.json depends on, and those
/// that they depend on: where node_modules has links to them. Paths relative to the runner's directory,
/// sorted.
std::vector<std::string> linked_packages(const CommonPlan& common);

/// Whether git lists none of the files although there is a checkout: it is missing, refuses the checkout of
/// another user, or ignores the directory.
bool are_unlisted(const CommonPlan& common);

/// Asks git for the sources of a plan that wants them (`CommonPlan::sources`) and keeps the answer; where
/// there is no git, that there are none. Errors: the answer cannot be written.
Result<void> list_sources(const CommonPlan& common, std::span<const std::string> rows);

/// A source, as a path relative to the runner's directory, and when its content or status changed last.
struct SourceTime {
  TimePoint changed;
  std::string path;
};

/// The sources of the last listing that are there, the one that changed last first.
std::vector<SourceTime> source_times(const CommonPlan& common);

/// A fingerprint of the sources as they are now, another one each time where git did not list them; nothing
/// where the plan wants none or there is no git.
std::optional<std::string> sources_now(const CommonPlan& common);

} // namespace ctest_matrix
