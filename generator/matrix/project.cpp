#include "matrix/project.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/expand.hpp"
#include "matrix/load.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

Error rejected(const Diagnostics& diagnostics) {
  return {ExitCode::input, fmt::format("{}{} error{} in the matrix", diagnostics.render(),
                                       diagnostics.errors(), diagnostics.errors() == 1 ? "" : "s")};
}

std::string profile_of(const ProjectOptions& options) {
  if (!options.profile.empty()) {
    return options.profile;
  }
  const char* wanted = std::getenv("CTEST_MATRIX_PROFILE");
  return wanted == nullptr || *wanted == '\0' ? "default" : wanted;
}

} // namespace

fs::path find_checkout(const fs::path& path) {
  std::error_code ignored;
  for (fs::path directory = path; !directory.empty(); directory = directory.parent_path()) {
    if (fs::exists(directory / ".git", ignored)) {
      return directory;
    }
    if (directory == directory.parent_path()) {
      break;
    }
  }
  return {};
}

fs::path checkout_state(const fs::path& root, std::string_view purpose) {
  return fmt::format("/tmp/ctest-matrix-{}/{}.{}", getuid(), fingerprint(root.string()), purpose);
}

fs::path checkout_lock(const fs::path& root, std::string_view purpose) {
  return checkout_state(root, purpose).string() + ".lock";
}

Result<Plan> load_plan(const ProjectOptions& options) {
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
  const auto matrix = parse_matrix(options.matrix.string(), *text, diagnostics);
  if (!matrix) {
    return rejected(diagnostics);
  }
  check_files(*matrix, places.root, diagnostics);
  const auto expansion = expand(*matrix, profile_of(options), options.overrides, diagnostics);
  if (!expansion || diagnostics.has_errors()) {
    return rejected(diagnostics);
  }
  places.state = options.state;
  if (places.state.empty()) {
    places.state = options.build_dir / "ctest-matrix" / (options.prefix + matrix->name);
  }
  places.state = fs::weakly_canonical(fs::absolute(places.state), ignored);
  return make_plan(*matrix, *expansion, places);
}

} // namespace ctest_matrix
