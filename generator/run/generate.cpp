#include "run/generate.hpp"

#include "artifact/build_files.hpp"
#include "base/files.hpp"
#include "base/templates.hpp"
#include "base/text.hpp"
#include "ctest/bracket.hpp"
#include "ctest/entry_file.hpp"
#include "ctest/resource_spec.hpp"
#include "plan/index.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Names, in the state of a matrix, the file that the matrix is, as the load-time script does.
fs::path owner_file(const fs::path& state) {
  return state / "matrix";
}

/// A path as it is written into a state directory: from there on, where both would be copied, moved or
/// mounted elsewhere together.
std::string path_from(const fs::path& state, const fs::path& path) {
  const fs::path relative = path.lexically_relative(state);
  const fs::path up_to_the_root = fs::path("/").lexically_relative(state);
  const bool together = !relative.empty() && !relative.string().starts_with(up_to_the_root.string() + "/");
  return (together ? relative : path).string();
}

/// The file of the matrix that a state directory belongs to; empty where it belongs to none yet.
fs::path owner_of(const fs::path& state) {
  auto noted = read_file(owner_file(state));
  if (!noted || !noted->ends_with('\n')) {
    return {};
  }
  noted->pop_back();
  return (state / *noted).lexically_normal();
}

/// The program where it moves with the checkout or the build directory, else its place.
std::string program_from(const Places& places, const fs::path& program) {
  const auto is_below = [&](const fs::path& directory) {
    const fs::path relative = program.lexically_relative(directory);
    return !relative.empty() && *relative.begin() != "..";
  };
  return is_below(places.root) || is_below(places.build_dir()) ? path_from(places.state, program)
                                                               : program.string();
}

/// Error (input): the state of this name is that of another matrix, which is still there.
Result<void> check_owner(const CommonPlan& common) {
  const fs::path owner = owner_of(common.places.state);
  std::error_code ignored;
  if (owner.empty() || owner == common.places.matrix || !fs::exists(owner, ignored)) {
    return {};
  }
  return Error{
      ExitCode::input,
      fmt::format("{}: the build directory {} holds the tests of another matrix named '{}', {}; give "
                  "one of the two another name, --prefix or --build-dir",
                  common.places.matrix.string(), common.places.build_dir().string(), common.name,
                  owner.string())};
}

/// Error (input): a path that what we write cannot carry.
Result<void> check_places(const Places& places, const fs::path& program) {
  for (const auto& [what, path] :
       {std::pair("matrix", places.matrix), std::pair("root", places.root),
        std::pair("build directory", places.build_dir()), std::pair("program", program)}) {
    constexpr std::size_t k_longest = 2047; // bytes; CTest says nothing but that it has no directory
    if (path.native().size() > k_longest) {
      return Error{ExitCode::input,
                   fmt::format("the path of the {} has {} bytes, of which CTest carries {}: {}", what,
                               path.native().size(), k_longest, shell_quote(path.string()))};
    }
    const bool has_backslash = path.string().find('\\') != std::string::npos; // CMake takes it for a slash
    if (const std::string breaker = has_backslash ? "\\" : line_breaker(path.string()); !breaker.empty()) {
      return Error{ExitCode::input,
                   fmt::format("the path of the {} has {} in it, which CMake, CTest and Ninja cannot "
                               "carry: {}",
                               what, breaker, shell_quote(path.string()))};
    }
  }
  return {};
}

} // namespace

Result<void> check_build_dir(const CommonPlan& common, const fs::path& program, const fs::path& build_dir) {
  TRY(check_entry_file(build_dir));
  TRY(check_owner(common));
  return check_places(common.places, program);
}

Result<GeneratedScript> generate_script(const Plan& plan, EmitContext context) {
  TRY_ASSIGN(context.index, store_plan(plan));
  claim_evidence(plan.common.places);
  TRY(write_resource_spec(plan.common));
  return GeneratedScript{.text = emit_ctest_script(plan, context), .index = context.index};
}

Result<void> generate_build_dir(const Plan& plan, const fs::path& tool, const fs::path& build_dir,
                                const std::string& prefix) {
  TRY(check_entry_file(build_dir));
  TRY(write_artifacts_ninja(plan.common));
  const fs::path loader = plan.common.places.state / "load.cmake";
  std::string text(find_template("load.cmake.in"));
  const Places& places = plan.common.places;
  const char* const launcher = std::getenv("CTEST_MATRIX_LAUNCHER"); // of an npm package
  const std::pair<std::string_view, std::string> values[] = {
      {"NAME", plan.common.name},
      {"TOOL", program_from(places, tool)},
      {"LAUNCHER", launcher == nullptr ? "" : launcher},
      {"FILE", path_from(places.state, places.matrix)},
      {"ROOT", path_from(places.state, places.root)},
      {"PROFILE", plan.common.profile},
      {"PREFIX", prefix},
      {"CMAKE", "cmake"} /* CTest looks it up in PATH */};
  text = replace_all(std::move(text), "@CTEST_MATRIX_TARGETS@", ""); // those of a CMake project
  for (const auto& [name, value] : values) {
    text = replace_all(std::move(text), fmt::format("[==[@CTEST_MATRIX_{}@]==]", name), bracket(value));
  }
  TRY(write_file_if_changed(loader, text));
  TRY(write_file_if_changed(owner_file(places.state), path_from(places.state, places.matrix) + "\n"));
  return include_in_entry_file(places.build_dir(), loader, [&](const fs::path& other) {
    return owner_of(other.parent_path()) == places.matrix; // of an earlier name or prefix
  });
}

} // namespace ctest_matrix
