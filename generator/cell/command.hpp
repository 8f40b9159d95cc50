// The command and the variables of a cell's runner, as far as they are known before the cell runs.
#pragma once

#include "plan/environment.hpp"
#include "plan/plan.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// A command in the runner's directory, as one line to paste into a POSIX shell.
std::string line_to_paste(const std::filesystem::path& directory, const std::vector<std::string>& argv);

/// What is known of a cell before it runs.
Values values_of(const CommonPlan& common, const BoundCell& cell);

/// The suite's variables and the cell's own over them.
Environment variables_of(const CommonPlan& common, const BoundCell& cell);

/// The matrix's command, and behind it what the runner needs for its report and for an honest verdict.
std::vector<TextTemplate> full_command(const CommonPlan& common, const BoundCell& cell);

/// What the row says that its command is run by; empty: nothing.
std::vector<TextTemplate> wrap_of(const CommonPlan& common, const BoundCell& cell);

/// The command of a cell as one line to paste, with what is only known while it runs left as {placeholders}.
std::string cell_command_line(const CommonPlan& common, const BoundCell& cell);

/// The variables that a cell's runner gets besides this process's own, with what is only known while it runs
/// left as {placeholders}.
std::vector<std::pair<std::string, std::string>> cell_environment(const CommonPlan& common,
                                                                  const BoundCell& cell);

/// The filter that selects one test (`Suite > test`) of a cell; nothing where the matrix cannot narrow.
std::optional<std::string> narrowed_filter(const CommonPlan& common, const BoundCell& cell,
                                           const std::string& test);

/// What runs one test of a cell, as one line to paste: the runner itself, or `ctest-matrix narrow` where the
/// cell needs services; nothing where the matrix cannot narrow.
std::optional<std::string> narrowed_command_line(const CommonPlan& common, const BoundCell& cell,
                                                 const std::string& test);

} // namespace ctest_matrix
