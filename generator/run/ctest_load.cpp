#include "run/ctest_load.hpp"

#include "base/boot.hpp"
#include "base/content.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/read_log.hpp"
#include "base/text.hpp"
#include "cell/ask_listing.hpp"
#include "cell/expected_tests.hpp"
#include "ctest/cost_data.hpp"
#include "ctest/entry_file.hpp"
#include "ctest/resource_spec.hpp"
#include "ctest/result_files.hpp"
#include "plan/index.hpp"
#include "plan/names.hpp"
#include "progress/document.hpp"
#include "progress/durations.hpp"
#include "progress/kept_formats.hpp"
#include "progress/last_run.hpp"
#include "progress/store.hpp"
#include "run/generate.hpp"
#include "run/load_memory.hpp"
#include "shard/shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

std::string setting(const Variable& variable, const char* name) {
  const char* value = variable(name);
  return value == nullptr ? "" : value;
}

bool is_in(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// Whether an axis or a profile that the environment names is for another matrix of the build directory: this
/// one does not have it.
bool is_for_another(const Places& places, std::vector<std::string> MatrixNames::*kind,
                    const std::string& name) {
  return !is_in(names_in(places.matrix).*kind, name) && is_beside(places, [&](const fs::path& index) {
    const auto text = read_file(index);
    const auto plan = text ? read_plan(*text, "") : Result<Plan>(text.error());
    return plan && is_in(names_in(plan->common.places.matrix).*kind, name);
  });
}

bool is_row_beside(const Places& places, const std::string& row) {
  return is_beside(places, [&](const fs::path& index) {
    const auto rows = row_names_of(index);
    return rows && is_in(*rows, row);
  });
}

Result<std::set<std::string>> selected_by(const Variable& variable, ReadLog& log) {
  const std::string file = setting(variable, "CTEST_MATRIX_SELECT");
  if (file.empty()) {
    return std::set<std::string>();
  }
  const auto names = log.file(file);
  if (!names) {
    return Error{ExitCode::input, fmt::format("CTEST_MATRIX_SELECT: {}", names.error().message)};
  }
  const auto lines = split_lines(*names);
  return std::set<std::string>(lines.begin(), lines.end());
}

/// The tests of the share that is asked for, which the plan notes; none where none is.
Result<std::set<std::string>> shared_by(const Variable& variable, Plan& plan,
                                        const std::set<std::string>& included, ReadLog& log) {
  std::set<std::string> tests;
  TRY_ASSIGN(const auto position, asked_share(variable));
  if (position) {
    TRY_ASSIGN(const Shares shares,
               make_shares(plan, share_request(position->count, variable), included, log));
    TRY_ASSIGN(const Share share, take_share(plan, shares, *position));
    for (const Cell* cell : share.cells) {
      tests.insert(cell_test(plan.common.places, cell->name));
    }
  }
  return tests;
}

/// The environment as this matrix is to hear it. A run names the cells of one matrix of the build directory
/// in a file of that one's; the profile, values and rows that it asks for are none of the others'.
Variable heard_by(const Places& places, const Variable& variable) {
  const fs::path selection = setting(variable, "CTEST_MATRIX_SELECT");
  std::error_code ignored;
  if (selection.empty() ||
      fs::weakly_canonical(selection.parent_path(), ignored) == fs::weakly_canonical(places.state, ignored)) {
    return variable;
  }
  return [variable](const char* name) {
    const std::string_view known = name;
    const bool is_of_the_run =
        known == "CTEST_MATRIX_PROFILE" || known == "CTEST_MATRIX_SET" || known == "CTEST_MATRIX_INCLUDE";
    return is_of_the_run ? nullptr : variable(name);
  };
}

/// The options with what the environment says to this matrix over them.
Result<ProjectOptions> asked_project(ProjectOptions project, const Variable& variable) {
  const Places places = places_of(project);
  std::string profile = setting(variable, "CTEST_MATRIX_PROFILE");
  if (!profile.empty() && !is_for_another(places, &MatrixNames::profiles, profile)) {
    project.profile = std::move(profile);
  } else if (project.profile.empty()) {
    project.profile = "default"; // what the process's own environment says may be for another matrix
  }
  std::vector<std::string> settings = list_parts(setting(variable, "CTEST_MATRIX_SET"));
  std::erase_if(settings, [&](const std::string& each) {
    return each.find('=') != std::string::npos &&
           is_for_another(places, &MatrixNames::axes, each.substr(0, each.find('=')));
  });
  TRY(add_settings(project, settings, "CTEST_MATRIX_SET"));
  return project;
}

/// All that a load depends on and that generating does not read, a line each.
std::string asked_text(const LoadRequest& request, const Places& places, const Variable& variable) {
  const ProjectOptions& project = request.project;
  std::vector<std::string> lines{
      fmt::format("program {} {}", request.program.string(), file_signature(request.program)),
      "boot " + boot_id(),
      "ctest " + request.ctest_version,
      fmt::format("matrix {} as {}", places.matrix.string(), project.matrix.string()),
      "root " + places.root.string(),
      "prefix " + places.prefix,
      "profile " + profile_of(project),
      "targets " + project.targets.string(),
      "results " + results_mark(places.build_dir())};
  for (const auto& [axis, value] : project.overrides) {
    lines.push_back(fmt::format("set {}={}", axis, value));
  }
  for (const char* name : {"CTEST_MATRIX_INCLUDE", "CTEST_MATRIX_SELECT"}) {
    lines.push_back(fmt::format("{}={}", name, setting(variable, name)));
  }
  for (const char* name : k_shard_variables) {
    lines.push_back(fmt::format("{}={}", name, setting(variable, name)));
  }
  if (const auto share = asked_share(variable); share && *share) { // `auto` is another one on each machine
    lines.push_back(fmt::format("share {} of {}", share_name(**share, ""), run_of_shares(variable)));
  }
  return join(lines, "\n");
}

/// The files without which the script is worth less.
std::vector<fs::path> made_files(const Plan& plan, const fs::path& index) {
  std::vector<fs::path> made{index};
  if (plan.common.parallel) {
    made.push_back(cost_data_path(plan.common.places.build_dir()));
  }
  if (std::ranges::any_of(plan.common.services, [](const Service& each) { return each.instances > 1; })) {
    made.push_back(resource_spec_path(plan.common));
  }
  return made;
}

/// What the script depends on besides the plan and `known`; `log` notes what is read. `seen` is the progress
/// file as it was read before, or null: where its text is another one now, that counts.
EmitContext context_of(const Plan& plan, EmitContext known, const Document* seen, ReadLog& log) {
  if (const auto text = log.file(plan.common.progress)) {
    const bool is_seen = seen != nullptr && seen->has_text(*text);
    known.ticked = is_seen ? ticked_boxes(plan, *seen) : ticked_boxes(plan, Document::parse(*text));
  }
  if (known.source_lines && plan.common.listing) {
    for (const DirectoryEntry& entry : log.directory(listings_directory(plan.common))) {
      if (entry.name.ends_with(".json")) {
        static_cast<void>(log.file(listings_directory(plan.common) / entry.name));
      }
    }
    known.places = listed_places(plan);
  }
  if (plan.common.parallel) {
    static_cast<void>(log.file(store_paths(plan.common).journal));
    // Without it the order is only a worse one.
    static_cast<void>(seed_cost_data(plan.common.places.build_dir(), test_durations(plan)));
  }
  return known;
}

Result<std::string> generate_and_remember(const LoadRequest& request, const std::string& asked,
                                          const Variable& variable) {
  ReadLog log;
  EmitContext context;
  TRY_ASSIGN(context.selected, selected_by(variable, log));
  context.source_lines = knows_source_lines(request.ctest_version);
  TRY_ASSIGN(Plan plan, load_plan(request.project, log));
  TRY_ASSIGN(context.included, included_by(variable, plan));
  TRY_ASSIGN(context.share, shared_by(variable, plan, context.included, log));
  TRY(check_kept_formats(store_paths(plan.common)));
  // What stands in the way of it is for `progress` and the cells to say: tests must load.
  const auto taken = take_in_last_run(plan, request.project, Milliseconds(0));
  const bool settled = taken && !taken->running; // else there is more to take in, whatever changes
  const Document* const seen = taken && taken->seen ? &*taken->seen : nullptr;
  TRY_ASSIGN(GeneratedScript script, generate_script(plan, context_of(plan, std::move(context), seen, log)));
  return remember_script(plan.common.places.state, std::move(script.text),
                         {.asked = settled ? asked : "",
                          .made = made_files(plan, script.index),
                          // Where it has grown, a launcher may have begun a cell, and been killed.
                          .sized = {store_paths(plan.common).journal},
                          .read = log.text()});
}

} // namespace

Result<std::set<std::string>> included_by(const Variable& variable, const Plan& plan) {
  constexpr std::string_view k_name = "CTEST_MATRIX_INCLUDE";
  std::set<std::string> included;
  for (const std::string& name : list_parts(setting(variable, k_name.data()))) {
    if (std::ranges::find(plan.rows, name, &Row::name) != plan.rows.end()) {
      included.insert(name);
    } else if (name == "all" || name == k_all_rows) { // unless a row is called so
      included.insert(std::string(k_all_rows));
    } else if (!is_row_beside(plan.common.places, name)) {
      std::vector<std::string> rows;
      std::ranges::transform(plan.rows, std::back_inserter(rows), &Row::name);
      return Error{ExitCode::usage,
                   fmt::format("{}: the matrix {} has no row '{}'{}", k_name, plan.common.name, name,
                               rows.size() > 20 ? "" : suggestion(name, rows))};
    }
  }
  return included;
}

Result<std::string> load_script(LoadRequest request, const Variable& environment) {
  const Variable variable = heard_by(places_of(request.project), environment);
  TRY_ASSIGN(request.project, asked_project(std::move(request.project), variable));
  std::error_code ignored;
  // The load-time script says the place from itself on; messages name the file.
  request.project.matrix = fs::weakly_canonical(request.project.matrix, ignored);
  const Places places = places_of(request.project);
  const std::string asked = asked_text(request, places, variable);
  if (was_loaded_as(places.state, profile_of(request.project), request.project.overrides)) {
    if (auto script = remembered_script(places.state, asked)) {
      return *std::move(script);
    }
  }
  return generate_and_remember(request, asked, variable);
}

Result<Plan> make_build_dir(const ProjectOptions& project, const fs::path& program,
                            const Variable& variable) {
  TRY_ASSIGN(Plan plan, load_plan(project));
  std::error_code ignored;
  const fs::path build_dir = fs::absolute(project.build_dir, ignored).lexically_normal();
  TRY(check_build_dir(plan.common, program, build_dir));
  ReadLog log;
  EmitContext context;
  TRY_ASSIGN(context.included, included_by(variable, plan));
  TRY_ASSIGN(context.share, shared_by(variable, plan, context.included, log));
  context = context_of(plan, std::move(context), nullptr, log);
  TRY_ASSIGN(GeneratedScript script, generate_script(plan, context));
  TRY(remember_script(plan.common.places.state, std::move(script.text), {}));
  TRY(generate_build_dir(plan, program, build_dir, project.prefix));
  return plan;
}

} // namespace ctest_matrix
