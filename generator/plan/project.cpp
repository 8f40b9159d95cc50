#include "plan/project.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/expand.hpp"
#include "matrix/load.hpp"
#include "matrix/row_globs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

bool is_about_command_line(const Diagnostics& diagnostics) {
  return std::all_of(diagnostics.all().begin(), diagnostics.all().end(),
                     [](const Diagnostic& diagnostic) { return diagnostic.location.file == k_command_line; });
}

bool has_only_missing_files(const Diagnostics& diagnostics) {
  return std::all_of(diagnostics.all().begin(), diagnostics.all().end(), [](const Diagnostic& diagnostic) {
    return diagnostic.code == "M013" && diagnostic.location.line > 0;
  });
}

std::string profile_of(const ProjectOptions& options) {
  if (!options.profile.empty()) {
    return options.profile;
  }
  const char* wanted = std::getenv("CTEST_MATRIX_PROFILE");
  return wanted == nullptr || *wanted == '\0' ? "default" : wanted;
}

} // namespace

Error rejected(const Diagnostics& diagnostics) {
  return {ExitCode::input, fmt::format("{}{} error{} in the matrix", diagnostics.render(),
                                       diagnostics.errors(), diagnostics.errors() == 1 ? "" : "s")};
}

Result<void> add_settings(ProjectOptions& project, const std::vector<std::string>& settings,
                          std::string_view source) {
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      return Error{ExitCode::usage, fmt::format("{}: expected AXIS=VALUE, got '{}'", source, setting)};
    }
    project.overrides.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  return {};
}

Result<Project> load_project(const ProjectOptions& options) {
  const auto text = read_file(options.matrix);
  if (!text) {
    return Error{ExitCode::input, text.error().message + "; expected a matrix file"};
  }
  std::error_code ignored;
  Places places;
  places.matrix = fs::weakly_canonical(options.matrix, ignored);
  places.root = options.root;
  places.prefix = options.prefix;
  if (places.root.empty()) {
    places.root = find_checkout(places.matrix.parent_path());
  }
  places.root =
      places.root.empty() ? places.matrix.parent_path() : fs::weakly_canonical(places.root, ignored);

  Diagnostics diagnostics;
  auto matrix = parse_matrix(options.matrix.string(), *text, diagnostics, read_file);
  if (!matrix) {
    return rejected(diagnostics);
  }
  auto on_disk = rows_on_disk(*matrix, places.root);
  expand_row_globs(*matrix, on_disk, diagnostics);
  check_files(*matrix, places.root, diagnostics, on_disk);
  if (diagnostics.has_errors() &&
      !(options.missing_files == MissingFiles::told && has_only_missing_files(diagnostics))) {
    return rejected(diagnostics);
  }
  auto expansion = expand(*matrix, profile_of(options), options.overrides, diagnostics);
  if (!expansion) {
    return is_about_command_line(diagnostics) ? Error{ExitCode::usage, diagnostics.render()}
                                              : rejected(diagnostics);
  }
  places.state = options.state;
  if (places.state.empty()) {
    places.state = options.build_dir / "ctest-matrix" / (options.prefix + matrix->name);
  }
  places.state = fs::weakly_canonical(fs::absolute(places.state), ignored);
  return Project{std::move(places), std::move(*matrix), std::move(on_disk), std::move(*expansion),
                 std::move(diagnostics)};
}

Result<Plan> load_plan(const ProjectOptions& options) {
  const auto project = load_project(options);
  if (!project) {
    return project.error();
  }
  return make_plan(project->matrix, project->expansion, project->places);
}

} // namespace ctest_matrix
