#include "cli/matrix_options.hpp"

#include "base/diagnostics.hpp"
#include "base/text.hpp"
#include "matrix/assignment.hpp"
#include "plan/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

Result<Plan> indexed_plan(const MatrixOptions& options, const std::string& cell) {
  if (!options.axis_settings.empty()) {
    return Error{ExitCode::usage, fmt::format("--index excludes --{}", options.axis_settings.front())};
  }
  return load_plan_of(options.index, cell);
}

/// What CTEST_MATRIX_SET says of axes that no option has said anything of.
Result<void> add_environment(ProjectOptions& project) {
  constexpr const char* k_name = "CTEST_MATRIX_SET";
  const char* const value = std::getenv(k_name);
  ProjectOptions said;
  TRY(add_settings(said, list_parts(value == nullptr ? "" : value), k_name));
  for (const auto& [axis, wanted] : said.overrides) {
    if (value_of(project.overrides, axis) == nullptr) {
      project.overrides.emplace_back(axis, wanted);
    }
  }
  return {};
}

} // namespace

bool is_matrix_file(const std::string& word) {
  return word.ends_with(".yaml") || word.ends_with(".yml");
}

void add_matrix_options(Verb& verb, MatrixOptions& options, MatrixArgument argument) {
  ProjectOptions& project = options.project;
  const std::string matrix = argument == MatrixArgument::positional ? "MATRIX" : "--matrix";
  verb.add(matrix, &project.matrix, "the matrix file (default: matrix.yaml, here or above)");
  verb.add("--root", &project.root, "what paths of the matrix are relative to (default: the git checkout)");
  verb.add("--build-dir", &project.build_dir,
           "the build directory (default: build, beside a matrix.yaml that was not named)");
  verb.add("--profile", &project.profile, "a profile of the matrix (default: default)");
  verb.add("--prefix", &project.prefix, "a text in front of every test name");
  VerbOption& set =
      verb.add("--set", &options.settings, "axis=value, over the profile's; --AXIS VALUE works too");
  set.value_name = "AXIS=VALUE";
  set.one_at_a_time = true;
  verb.add("--state", &project.state, "where the matrix's state is kept").hidden = true;
  verb.add("--targets", &project.targets, "what CMake says of its TARGETS").hidden = true;
}

void add_index_option(Verb& verb, MatrixOptions& options) {
  VerbOption& index = verb.add("--index", &options.index, "the index that generate made");
  index.hidden = true;
  index.instead_of = {"MATRIX",    "--matrix", "--root", "--build-dir",
                      "--profile", "--prefix", "--set",  "--state"};
}

Result<ProjectOptions> project_of(const MatrixOptions& options) {
  ProjectOptions project = options.project;
  if (project.build_dir.empty()) {
    return Error{ExitCode::usage, "--build-dir: expected a directory"};
  }
  if (const ProjectOptions unnamed; project.matrix == unnamed.matrix) {
    const ProjectOptions usual = usual_project();
    project.matrix = usual.matrix;
    project.build_dir = project.build_dir == unnamed.build_dir ? usual.build_dir : project.build_dir;
  }
  TRY(add_settings(project, options.settings, "--set"));
  TRY(add_settings(project, options.axis_settings, "--AXIS VALUE"));
  if (project.state.empty()) { // a load at ctest knows itself what its environment says to it
    TRY(add_environment(project));
  }
  return project;
}

Result<Plan> plan_of(const MatrixOptions& options) {
  const auto project = project_of(options);
  return project ? load_plan(*project) : Result<Plan>(project.error());
}

Result<Plan> suite_of(const MatrixOptions& options) {
  return options.index.empty() ? plan_of(options) : indexed_plan(options, "");
}

Result<Plan> plan_of_cell(const MatrixOptions& options, const std::string& name) {
  if (!options.index.empty()) {
    return indexed_plan(options, name);
  }
  auto plan = plan_of(options);
  if (!plan) {
    return plan;
  }
  const auto found = std::ranges::find(plan->cells, name, &Cell::name);
  if (found == plan->cells.end()) {
    std::vector<std::string> names;
    std::ranges::transform(plan->cells, std::back_inserter(names), &Cell::name);
    return Error{ExitCode::usage,
                 fmt::format("the matrix {} has no cell '{}'{}", plan->common.name, name,
                             names.size() > 20 ? ", see `ctest-matrix list`" : suggestion(name, names))};
  }
  plan->cells = {*found};
  return plan;
}

fs::path own_program() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored);
}

} // namespace ctest_matrix
