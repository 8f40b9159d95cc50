// From a matrix file on disk to its plan: finds the root and the state directory, loads, checks and expands.
#pragma once

#include "base/diagnostics.hpp"
#include "base/read_log.hpp"
#include "base/result.hpp"
#include "matrix/expand.hpp"
#include "matrix/load.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What to do about rows whose test files are gone.
enum class MissingFiles {
  refused, ///< they are errors
  told,    ///< they are in the diagnostics, and everything else is loaded
};

/// What a command line says about a matrix; empty means the default.
struct ProjectOptions {
  std::filesystem::path matrix = "matrix.yaml";
  std::filesystem::path root; ///< default: the git checkout that holds the matrix, else its directory
  std::filesystem::path build_dir = "build";
  std::filesystem::path state; ///< default: <build_dir>/ctest-matrix/<prefix><name>
  std::string profile;         ///< default: $CTEST_MATRIX_PROFILE, else `default`
  std::string prefix;
  std::filesystem::path
      targets{}; ///< what CMake says of TARGETS; default: <state>/targets, where it is there
  Assignment overrides;
  MissingFiles missing_files = MissingFiles::refused;
};

/// Where the matrix is that no option names: `matrix.yaml` here, or in the nearest directory above that has
/// one, and its build directory, which is beside it. Where there is none, it would be here.
ProjectOptions usual_project();

/// What can be asked of a matrix by name, as far as it can be read; nothing where it cannot.
MatrixNames names_in(const std::filesystem::path& matrix);

/// The options that name the same matrix, build directory, profile, prefix and settings again: ` --profile
/// full`; empty where all are what is usual, here or in another directory.
std::string options_text(const ProjectOptions& options, const ProjectOptions& usual = usual_project());

/// What names the plan's matrix and cells from wherever it is said.
ProjectOptions project_of(const CommonPlan& common);

/// Adds settings (`AXIS=VALUE`) to what overrides the profile. Error (usage): a setting is none, said by
/// `source` (an option, a variable).
Result<void> add_settings(ProjectOptions& project, const std::vector<std::string>& settings,
                          std::string_view source);

/// A matrix at its place, and the cells of one of its profiles.
struct Project {
  Places places;
  Matrix matrix;
  std::vector<std::string> on_disk; ///< rows that there are test files for
  Expansion expansion;
  Diagnostics diagnostics; ///< without other errors than missing files, if those were to be told; knows the
                           ///< text of every file, for further messages
};

/// Error (input): every diagnostic of the matrix. A log notes all that was read.
Result<Project> load_project(const ProjectOptions& options);
Result<Project> load_project(const ProjectOptions& options, ReadLog& log);

/// The whole way. Error (input): as above.
Result<Plan> load_plan(const ProjectOptions& options);
Result<Plan> load_plan(const ProjectOptions& options, ReadLog& log);

/// Where the matrix and its root are; the state is left open where the options do not name it, as it is named
/// after the matrix.
Places places_of(const ProjectOptions& options);

/// The name of the profile that is asked for.
std::string profile_of(const ProjectOptions& options);

/// What diagnostics have to say, with how many errors there are at the end.
Error rejected(const Diagnostics& diagnostics);

} // namespace ctest_matrix
