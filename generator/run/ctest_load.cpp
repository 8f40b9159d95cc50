#include "run/ctest_load.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "cell/expected_tests.hpp"
#include "ctest/cost_data.hpp"
#include "ctest/entry_file.hpp"
#include "progress/durations.hpp"
#include "progress/last_run.hpp"
#include "progress/store.hpp"
#include "run/generate.hpp"

#include <fmt/format.h>

#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

std::string value_of(const Variable& variable, const char* name) {
  const char* value = variable(name);
  return value == nullptr ? "" : value;
}

/// The parts of a variable between commas and semicolons.
std::vector<std::string> parts_of(const Variable& variable, const char* name) {
  std::vector<std::string> parts = split(replace_all(value_of(variable, name), ",", ";"), ';');
  std::erase(parts, "");
  return parts;
}

Result<std::set<std::string>> selected_by(const Variable& variable) {
  const std::string file = value_of(variable, "CTEST_MATRIX_SELECT");
  if (file.empty()) {
    return std::set<std::string>();
  }
  const auto names = read_file(file);
  if (!names) {
    return Error{ExitCode::input, fmt::format("CTEST_MATRIX_SELECT: {}", names.error().message)};
  }
  const auto lines = split_lines(*names);
  return std::set<std::string>(lines.begin(), lines.end());
}

Result<std::string> script_of(const Plan& plan, EmitContext context, const Variable& variable) {
  const auto included = parts_of(variable, "CTEST_MATRIX_INCLUDE");
  context.included = {included.begin(), included.end()};
  context.ticked = ticked_boxes(plan);
  if (context.source_lines) {
    context.places = listed_places(plan);
  }
  if (plan.common.parallel) {
    // Without it the order is only a worse one.
    static_cast<void>(seed_cost_data(plan.common.places.build_dir(), test_durations(plan)));
  }
  return generate_script(plan, std::move(context));
}

} // namespace

Result<std::string> load_script(ProjectOptions project, std::string_view ctest_version,
                                const Variable& variable) {
  if (std::string profile = value_of(variable, "CTEST_MATRIX_PROFILE"); !profile.empty()) {
    project.profile = std::move(profile);
  }
  if (auto set = add_settings(project, parts_of(variable, "CTEST_MATRIX_SET"), "CTEST_MATRIX_SET"); !set) {
    return set.error();
  }
  EmitContext context;
  auto selected = selected_by(variable);
  if (!selected) {
    return selected.error();
  }
  context.selected = *std::move(selected);
  context.source_lines = knows_source_lines(ctest_version);
  const auto plan = load_plan(project);
  if (!plan) {
    return plan.error();
  }
  // What stands in the way of it is for `progress` and the cells to say: tests must load.
  static_cast<void>(take_in_last_run(*plan, project, Milliseconds(0)));
  return script_of(*plan, std::move(context), variable);
}

Result<Plan> make_build_dir(const ProjectOptions& project, const fs::path& program,
                            const Variable& variable) {
  auto plan = load_plan(project);
  if (!plan) {
    return plan;
  }
  std::error_code ignored;
  const fs::path build_dir = fs::absolute(project.build_dir, ignored).lexically_normal();
  if (auto free = check_entry_file(build_dir); !free) {
    return free.error();
  }
  if (const auto script = script_of(*plan, {}, variable); !script) {
    return script.error();
  }
  if (auto written = generate_build_dir(*plan, program, build_dir, plan->common.places.matrix); !written) {
    return written.error();
  }
  return plan;
}

} // namespace ctest_matrix
