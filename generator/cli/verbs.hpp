// The verbs: what each takes, and what it calls. A matrix's options are read into the object given here,
// which has to live until the verb's action is over. A new verb belongs to the group of those who call it.
#pragma once

#include "cli/matrix_options.hpp"
#include "cli/verb.hpp"

#include <functional>
#include <vector>

namespace ctest_matrix {

/// For people who begin: init.
Verb init_verb();

/// For people who keep a matrix: check, generate, list, explain.
std::vector<Verb> matrix_verbs(MatrixOptions& options);

/// For people who run the suite and look at what came of it: run, narrow, progress, report.
std::vector<Verb> run_verbs(MatrixOptions& options);

/// For people who run on several machines: shard.
std::vector<Verb> shard_verbs(MatrixOptions& options);

/// For people who keep track of failures: known, friction.
std::vector<Verb> history_verbs(MatrixOptions& options);

/// What CTest's tests call: cell, artifact, agree, service, ready.
std::vector<Verb> ctest_verbs(MatrixOptions& options);

/// For people who look something up, and for shells: help, completion. `all` makes every verb.
std::vector<Verb> help_verbs(std::function<std::vector<Verb>()> all);

} // namespace ctest_matrix
