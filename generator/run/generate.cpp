#include "run/generate.hpp"

#include "artifact/build_files.hpp"
#include "base/files.hpp"
#include "base/templates.hpp"
#include "base/text.hpp"
#include "ctest/resource_spec.hpp"
#include "plan/index.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_mark = "# Written by ctest-matrix generate; its matrices:";

/// The lines of a CTestTestfile.cmake of ours; none where there is no such file yet.
Result<std::vector<std::string>> known_includes(const fs::path& build_dir) {
  const fs::path testfile = build_dir / "CTestTestfile.cmake";
  const auto existing = read_file(testfile);
  if (!existing) {
    return std::vector<std::string>();
  }
  std::vector<std::string> lines = split_lines(*existing);
  if (lines.empty() || lines.front() != k_mark) {
    return Error{ExitCode::input,
                 fmt::format("{} was not written by ctest-matrix and stays as it is; choose another "
                             "--build-dir, or use matrix_discover_tests() in the CMake project",
                             testfile.string())};
  }
  lines.erase(lines.begin());
  return lines;
}

} // namespace

Result<std::string> generate_script(const Plan& plan, EmitContext context) {
  auto index = store_plan(plan);
  if (!index) {
    return index.error();
  }
  context.index = *index;
  if (auto written = write_resource_spec(plan.suite); !written) {
    return written.error();
  }
  std::string script = emit_ctest_script(plan, context);
  if (auto written = write_file_if_changed(plan.suite.places.state / "last-good.cmake", script); !written) {
    return written.error();
  }
  return script;
}

Result<void> check_build_dir(const fs::path& build_dir) {
  const auto includes = known_includes(build_dir);
  return includes ? Result<void>() : Result<void>(includes.error());
}

Result<void> generate_build_dir(const Plan& plan, const fs::path& tool, const fs::path& build_dir,
                                const fs::path& matrix) {
  auto includes = known_includes(build_dir);
  if (!includes) {
    return includes.error();
  }
  if (auto written = write_artifacts_ninja(plan.suite); !written) {
    return written;
  }
  const fs::path loader = plan.suite.places.state / "load.cmake";
  std::string text(find_template("load.cmake.in"));
  const std::pair<std::string_view, std::string> values[] = {
      {"NAME", plan.suite.name},
      {"TOOL", tool.string()},
      {"STATE", plan.suite.places.state.string()},
      {"FILE", matrix.string()},
      {"ROOT", plan.suite.places.root.string()},
      {"PROFILE", plan.suite.profile},
      {"PREFIX", plan.suite.places.prefix},
      {"CMAKE", "cmake"} /* CTest looks it up in PATH */};
  for (const auto& [name, value] : values) {
    text = replace_all(std::move(text), fmt::format("@CTEST_MATRIX_{}@", name), value);
  }
  if (auto written = write_file_if_changed(loader, text); !written) {
    return written;
  }
  const std::string include = fmt::format("include([==[{}]==])", loader.string());
  if (std::find(includes->begin(), includes->end(), include) == includes->end()) {
    includes->push_back(include);
  }
  return write_file_if_changed(build_dir / "CTestTestfile.cmake",
                               fmt::format("{}\n{}\n", k_mark, join(*includes, "\n")));
}

} // namespace ctest_matrix
