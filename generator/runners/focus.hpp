// What a JavaScript test file itself says of tests that are left out: for the runners that have no flag
// against it, or were not given it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The first line (from 1) at which a file of tests runs only some of them, by a `.only` (`it.only(…)`,
/// `test.only.each(…)`, `describe\n  .only(…)`, `it["only"]`) or by `fit(`, `fdescribe(`; 0: nowhere.
/// Comments, strings, templates and regular expressions are no code; a name that somebody gave to `.only` is
/// not followed.
int focused_line(std::string_view source);

/// The same for a file of Node's tests, which say it also by `{ only: true }` and `t.runOnly(true)`.
int node_focused_line(std::string_view source);

/// Whether the command of a runner, or the script that it calls, makes Node's runner heed a `.only`, which it
/// passes over otherwise.
bool node_runs_only(const std::vector<std::string>& command, std::string_view script);

/// Whether Node runs a file of its own tests without `--test`: since 24.21 it heeds a `.only` there, and says
/// nothing of the tests that it leaves out. `script` is what the command runs in the end, as far as it is
/// known.
bool node_hears_only(const std::vector<std::string>& command, std::string_view script,
                     std::string_view source);

/// The program that runs as Node in such a command; `node` where a script calls it.
std::string node_program(const std::vector<std::string>& command);

/// Whether Node of this version (`v22.1.0`) passes over a `.only` without `--test`, so that all tests run.
bool node_passes_over_only(std::string_view version);

/// The first line (from 1) at which a file of tests calls `process.exit(…)`, where the command is one of
/// Node's runner that does not miss the tests after it (`node --test`); 0: nowhere.
int hidden_exit_line(const std::vector<std::string>& command, std::string_view source);

/// How a runner reports the tests that a `.only` leaves out.
enum class Unfocused {
  skipped,  ///< as skipped
  left_out, ///< not at all
};

/// What a `.only` in a file of tests does to the others where no flag keeps the runner from it; nothing where
/// nothing is known of the runner. Who it is, the report's writer says, or what the file imports.
std::optional<Unfocused> what_only_leaves(std::string_view writer, std::string_view source);

} // namespace ctest_matrix
