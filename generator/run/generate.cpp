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

#include <string_view>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Names, in the state of a matrix, the file that the matrix is.
fs::path owner_file(const Places& places) {
  return places.state / "matrix";
}

} // namespace

Result<void> check_owner(const CommonPlan& common) {
  const auto noted = read_file(owner_file(common.places));
  const fs::path owner(noted ? trim(*noted) : "");
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
  const std::pair<std::string_view, std::string> values[] = {
      {"NAME", plan.common.name},
      {"TOOL", tool.string()},
      {"STATE", plan.common.places.state.string()},
      {"FILE", plan.common.places.matrix.string()},
      {"ROOT", plan.common.places.root.string()},
      {"PROFILE", plan.common.profile},
      {"PREFIX", prefix},
      {"CMAKE", "cmake"} /* CTest looks it up in PATH */};
  text = replace_all(std::move(text), "@CTEST_MATRIX_TARGETS@", ""); // those of a CMake project
  for (const auto& [name, value] : values) {
    text = replace_all(std::move(text), fmt::format("[==[@CTEST_MATRIX_{}@]==]", name), bracket(value));
  }
  TRY(write_file_if_changed(loader, text));
  TRY(write_file_if_changed(owner_file(plan.common.places), plan.common.places.matrix.string() + "\n"));
  return include_in_entry_file(build_dir, loader);
}

} // namespace ctest_matrix
