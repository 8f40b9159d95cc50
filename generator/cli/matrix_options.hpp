// The options of every verb that takes a matrix, and the plan that they stand for.
#pragma once

#include "base/result.hpp"
#include "cli/verb.hpp"
#include "plan/plan.hpp"
#include "plan/project.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

struct MatrixOptions {
  ProjectOptions project;            ///< the default of matrix and build directory stands for `usual_project`
  std::vector<std::string> settings; ///< --set AXIS=VALUE
  std::vector<std::string> axis_settings; ///< --AXIS VALUE, as AXIS=VALUE
  std::string index;                      ///< what CTest's tests are called with instead of a matrix
};

/// Whether a word of the command line can only be the path of a matrix.
bool is_matrix_file(const std::string& word);

enum class MatrixArgument { positional, option };

void add_matrix_options(Verb& verb, MatrixOptions& options,
                        MatrixArgument argument = MatrixArgument::positional);

void add_index_option(Verb& verb, MatrixOptions& options);

/// Error (usage): a setting that is no `AXIS=VALUE`.
Result<ProjectOptions> project_of(const MatrixOptions& options);

/// Error (usage): as above; errors (input): the matrix's.
Result<Plan> plan_of(const MatrixOptions& options);

/// What the verb needs to know of the suite, from the index where one is given; without cells then.
Result<Plan> suite_of(const MatrixOptions& options);

/// The suite, and the cell of this name alone. Error (usage): there is none.
Result<Plan> plan_of_cell(const MatrixOptions& options, const std::string& name);

/// The program that runs.
std::filesystem::path own_program();

} // namespace ctest_matrix
