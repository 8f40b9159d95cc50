#include "plan/project.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/expand.hpp"
#include "matrix/load.hpp"
#include "matrix/row_globs.hpp"
#include "plan/copies.hpp"
#include "plan/emitted_names.hpp"
#include "plan/targets.hpp"
#include "plan/worktree.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

fs::path absolute_path(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
}

/// It begins the names of tests, fixtures and directories.
Result<void> check_prefix(const std::string& prefix) {
  constexpr std::string_view k_allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/";
  const bool good =
      prefix.find_first_not_of(k_allowed) == std::string::npos &&
      (prefix.empty() || std::string_view("-./").find(prefix.front()) == std::string_view::npos);
  return good ? Result<void>()
              : Error{ExitCode::usage,
                      fmt::format("--prefix: expected letters, digits and . _ - /, beginning with none "
                                  "of - . /, got '{}'",
                                  printable(prefix))};
}

uid_t user_of(const fs::path& path) {
  struct stat status {};

  return stat(path.c_str(), &status) == 0 ? status.st_uid : static_cast<uid_t>(-1);
}

/// What a matrix says is run: the file of another user that lies above by chance is none of ours.
bool is_trusted(const fs::path& matrix, const fs::path& directory) {
  const uid_t owner = user_of(matrix);
  return owner == geteuid() || owner == 0 || owner == user_of(directory);
}

/// What is wrong with a matrix that cannot be read.
Error unreadable_matrix(const fs::path& matrix, const FileKind kind, const Error& problem) {
  if (kind != FileKind::none) {
    return {ExitCode::input, problem.message + "; expected a matrix file"};
  }
  return {ExitCode::input,
          fmt::format("there is no {}; `ctest-matrix init` writes one for the suite that it finds",
                      matrix == ProjectOptions().matrix ? "matrix.yaml here or in a directory above"
                                                        : fmt::format("matrix file {}", matrix.string()))};
}

bool is_about_command_line(const Diagnostics& diagnostics) {
  return std::all_of(diagnostics.all().begin(), diagnostics.all().end(),
                     [](const Diagnostic& diagnostic) { return diagnostic.location.file == k_command_line; });
}

bool has_only_missing_files(const Diagnostics& diagnostics) {
  return std::all_of(diagnostics.all().begin(), diagnostics.all().end(), [](const Diagnostic& diagnostic) {
    return diagnostic.code == "M013" && diagnostic.location.line > 0;
  });
}

/// Puts the programs of CMake's targets into the matrix.
Result<void> add_targets_of(const ProjectOptions& options, const Places& places, Matrix& matrix,
                            ReadLog& log) {
  const fs::path path = options.targets.empty() ? places.state / "targets" : options.targets;
  if (log.kind(path) != FileKind::file) {
    return add_targets(matrix, {}, places.root);
  }
  TRY_ASSIGN(const std::string text, log.file(path));
  TRY_ASSIGN(const Targets targets, parse_targets(text));
  if (std::error_code ignored; !fs::equivalent(targets.build, places.build_dir(), ignored)) {
    return Error{ExitCode::input,
                 fmt::format("{} is a copy of what {} was configured with, whose programs are other "
                             "ones; configure {} anew",
                             path.string(), targets.build.string(), places.build_dir().string())};
  }
  return add_targets(matrix, targets, places.root);
}

/// Error (input): the progress file is a link to where no file can be made.
Result<void> check_link(const fs::path& progress, ReadLog& log) {
  const fs::path target = target_of(progress);
  std::error_code ignored;
  const bool is_circle = fs::is_symlink(target, ignored);
  if (!is_circle && (target == progress || log.kind(target.parent_path()) == FileKind::directory)) {
    return {};
  }
  return Error{ExitCode::input,
               is_circle
                   ? fmt::format("the progress file {} is a link that leads in a circle", progress.string())
                   : fmt::format("the progress file {} is a link to {}, whose directory is not there",
                                 progress.string(), target.string())};
}

/// Error (input): a file that we write has a name, or a path, that no file system carries. A file is replaced
/// by way of a neighbour with a longer name.
Result<void> check_written_paths(const Matrix& matrix, const Expansion& expansion, const fs::path& root) {
  constexpr std::size_t k_longest_file_name = 230; // bytes
  constexpr std::size_t k_longest_path = 4000;
  std::vector<std::pair<std::string, std::string>> written{
      {"progress", expansion.progress},      {"known", matrix.known},
      {"friction", matrix.friction},         {"evidence", matrix.evidence},
      {"logs: current", matrix.log_current}, {"logs: narrow", matrix.log_narrow}};
  for (const Service& service : matrix.services) {
    written.emplace_back(fmt::format("services: {}: log", service.name), service.log);
  }
  for (const auto& [what, text] : written) {
    const fs::path path = (root / with_worktree(root, text)).lexically_normal();
    const bool is_long_name = std::ranges::any_of(
        path, [&](const fs::path& name) { return name.native().size() > k_longest_file_name; });
    if (!text.empty() && (is_long_name || path.native().size() > k_longest_path)) {
      return Error{
          ExitCode::input,
          fmt::format("{}: {}: expected a path of at most {} bytes, and {} for each name in it; got {}",
                      matrix.file, what, k_longest_path, k_longest_file_name, shell_quote(path.string()))};
    }
  }
  return {};
}

} // namespace

Error rejected(const Diagnostics& diagnostics) {
  return {ExitCode::input, fmt::format("{}{} in the matrix", diagnostics.render(),
                                       plural(static_cast<std::size_t>(diagnostics.errors()), "error"))};
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

std::string options_text(const ProjectOptions& options, const ProjectOptions& usual) {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& value, const std::string& otherwise) {
    text += value == otherwise ? "" : fmt::format(" {} {}", name, shell_quote(value));
  };
  add("--matrix", options.matrix.lexically_normal().string(), usual.matrix.string());
  add("--root", options.root.string(), usual.root.string());
  add("--build-dir", options.build_dir.lexically_normal().string(), usual.build_dir.string());
  add("--profile", options.profile, usual.profile);
  add("--prefix", options.prefix, usual.prefix);
  for (const auto& [axis, value] : options.overrides) {
    add("--set", fmt::format("{}={}", axis, value), "");
  }
  return text;
}

ProjectOptions project_of(const CommonPlan& common) {
  return {.matrix = common.places.matrix,
          .root = common.places.root,
          .build_dir = common.places.build_dir(),
          .state = {},
          .profile = common.profile == "default" ? "" : common.profile,
          .prefix = common.places.prefix,
          .overrides = common.overrides};
}

ProjectOptions usual_project() {
  ProjectOptions usual;
  std::error_code ignored;
  const fs::path here = fs::current_path(ignored);
  fs::path up; // from here: what is said of the matrix is said as it would be named
  for (fs::path directory = here; !directory.empty(); directory = directory.parent_path(), up /= "..") {
    const fs::path matrix = directory / usual.matrix;
    if (fs::exists(matrix, ignored)) {
      if (is_trusted(matrix, here)) {
        usual.matrix = up / usual.matrix;
        usual.build_dir = up / usual.build_dir;
      }
      break;
    }
    if (directory == directory.parent_path()) {
      break;
    }
  }
  return usual;
}

MatrixNames names_in(const fs::path& matrix) {
  const auto text = read_file(matrix);
  return text ? matrix_names_in(matrix.string(), *text,
                                [](const std::string& path) { return read_file(path); })
              : MatrixNames();
}

std::string profile_of(const ProjectOptions& options) {
  if (!options.profile.empty()) {
    return options.profile;
  }
  const char* wanted = std::getenv("CTEST_MATRIX_PROFILE");
  return wanted == nullptr || *wanted == '\0' ? "default" : wanted;
}

Places places_of(const ProjectOptions& options) {
  std::error_code ignored;
  Places places;
  places.matrix = fs::weakly_canonical(options.matrix, ignored);
  places.root = options.root.empty() ? find_checkout(places.matrix.parent_path()) : options.root;
  places.root =
      places.root.empty() ? places.matrix.parent_path() : fs::weakly_canonical(places.root, ignored);
  places.state = options.state.empty() ? fs::path() : absolute_path(options.state);
  places.prefix = options.prefix;
  return places;
}

Result<Project> load_project(const ProjectOptions& options) {
  ReadLog unread;
  return load_project(options, unread);
}

Result<Project> load_project(const ProjectOptions& options, ReadLog& log) {
  const auto text = log.file(options.matrix);
  if (!text) {
    return unreadable_matrix(options.matrix, log.kind(options.matrix), text.error());
  }
  TRY(check_prefix(options.prefix));
  Places places = places_of(options);
  Diagnostics diagnostics;
  auto matrix = parse_matrix(options.matrix.string(), *text, diagnostics,
                             [&](const std::string& path) { return log.file(path); });
  if (!matrix) {
    return rejected(diagnostics);
  }
  if (places.prefix.empty()) {
    places.prefix = matrix->prefix;
  }
  if (places.state.empty()) {
    const std::string directory =
        replace_all(options.prefix + matrix->name, "/", "_"); // the prefix may have some
    places.state = absolute_path(options.build_dir / "ctest-matrix" / directory);
  }
  TRY(add_targets_of(options, places, *matrix, log));
  auto on_disk = rows_on_disk(*matrix, places.root, log, diagnostics);
  expand_row_globs(*matrix, on_disk, diagnostics);
  drop_absent_rows(*matrix, places.root, on_disk, diagnostics, log);
  check_files(*matrix, places.root, diagnostics, on_disk, log);
  if (diagnostics.has_errors() &&
      !(options.missing_files == MissingFiles::told && has_only_missing_files(diagnostics))) {
    return rejected(diagnostics);
  }
  auto expansion = expand(*matrix, profile_of(options), options.overrides, diagnostics);
  if (!expansion) {
    return is_about_command_line(diagnostics) ? Error{ExitCode::usage, diagnostics.render()}
                                              : rejected(diagnostics);
  }
  const int errors_before = diagnostics.errors(); // of missing files that are told
  check_emitted_names(*matrix, *expansion, places.prefix, diagnostics);
  check_copies(*matrix, *expansion, places, diagnostics);
  if (diagnostics.errors() > errors_before) {
    return rejected(diagnostics);
  }
  TRY(check_written_paths(*matrix, *expansion, places.root));
  const fs::path progress =
      (places.root / with_worktree(places.root, expansion->progress)).lexically_normal();
  if (const FileKind kind = log.kind(progress); kind != FileKind::file && kind != FileKind::none) {
    return Error{ExitCode::input, fmt::format("the progress file {} is no regular file", progress.string())};
  }
  TRY(check_link(progress, log));
  places.evidence = !matrix->evidence.empty() ? absolute_path(places.root / matrix->evidence)
                                              : evidence_of_checkout(places, matrix->name);
  return Project{std::move(places), std::move(*matrix), std::move(on_disk), std::move(*expansion),
                 std::move(diagnostics)};
}

Result<Plan> load_plan(const ProjectOptions& options) {
  ReadLog unread;
  return load_plan(options, unread);
}

Result<Plan> load_plan(const ProjectOptions& options, ReadLog& log) {
  TRY_ASSIGN(Project project, load_project(options, log));
  return make_plan(std::move(project.matrix), project.expansion, project.places);
}

} // namespace ctest_matrix
