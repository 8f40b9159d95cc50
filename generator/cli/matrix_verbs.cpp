// The verbs of those who keep a matrix: check, generate, list, explain.
#include "artifact/staleness.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "check/check.hpp"
#include "check/explain.hpp"
#include "check/list.hpp"
#include "cli/listing_news.hpp"
#include "cli/verbs.hpp"
#include "ctest/caller.hpp"
#include "plan/names.hpp"
#include "progress/store.hpp"
#include "report/rule_standing.hpp"
#include "run/ctest_load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

const char* environment_variable(const char* name) {
  return std::getenv(name);
}

enum class Repair { none, fix };

Result<ExitCode> check(const MatrixOptions& options, Repair repair) {
  if (!options.project.state.empty()) { // a test of CTest
    TRY(stay_with_caller(true));
  }
  TRY_ASSIGN(ProjectOptions wanted, project_of(options));
  wanted.missing_files = MissingFiles::told;
  ReadLog read;
  TRY_ASSIGN(Project project, load_project(wanted, read));
  const Compared compared = [&] {
    ListingNews news;
    return compare_with_suite(project, project.diagnostics, std::ref(news));
  }();
  if (repair == Repair::fix && !compared.fixes.empty()) {
    TRY_ASSIGN(const std::string said, write_fixes(compared.fixes, read));
    fmt::print("{}", said);
    if (const auto fixed = load_project(wanted)) {
      TRY(move_ticks(*fixed, compared.fixes));
    }
    return check(options, Repair::none);
  }
  if (const int found = project.diagnostics.errors(); found > 0) {
    return Error{ExitCode::input,
                 fmt::format("{}{} between the matrix and the suite", project.diagnostics.render(),
                             plural(static_cast<std::size_t>(found), "difference"))};
  }
  const auto warnings = static_cast<std::size_t>(project.diagnostics.warnings());
  fmt::print("{}{}: {}, {}{}: {}\n", project.diagnostics.render(), wanted.matrix.string(),
             plural(project.matrix.rows.size(), "row"), plural(project.expansion.columns.size(), "column"),
             project.matrix.runner.listing ? fmt::format(", {} in {}", plural(compared.tests, "listed test"),
                                                         plural(compared.files, "file"))
                                           : "",
             warnings > 0 ? plural(warnings, "warning") : "no problem found");
  for (const std::string& note : compared.notes) {
    fmt::print("{}\n", note);
  }
  for (const Row& row : project.matrix.absent_rows) {
    fmt::print("the optional row '{}' is left out: its file is not there\n", row.name);
  }
  const Plan plan = make_plan(project.matrix, project.expansion, project.places);
  for (const auto& reasons : {stale_artifacts(plan.common), uncovered_inputs(plan.common)}) {
    for (const std::string& reason : reasons) {
      fmt::print("warning: {}\n", reason);
    }
  }
  return ExitCode::ok;
}

Result<ExitCode> generate(const MatrixOptions& options) {
  TRY_ASSIGN(const ProjectOptions project, project_of(options));
  TRY_ASSIGN(const Plan plan, make_build_dir(project, own_program(), environment_variable));
  const auto excluded =
      std::ranges::count_if(plan.cells, [](const Cell& cell) { return cell.row->is_excluded(); });
  fmt::print("{}: {} cells{}; run them with\n  ctest --test-dir {}\n", plan.common.name,
             plan.cells.size() - static_cast<std::size_t>(excluded),
             excluded == 0 ? "" : fmt::format(" and {} excluded", excluded),
             shell_quote(project.build_dir.string()));
  return ExitCode::ok;
}

Result<ExitCode> print_load_script(const MatrixOptions& options, const std::string& ctest_version) {
  TRY(stay_with_caller(false));
  TRY_ASSIGN(ProjectOptions project, project_of(options));
  TRY_ASSIGN(
      const std::string script,
      load_script({.project = std::move(project), .ctest_version = ctest_version, .program = own_program()},
                  environment_variable));
  fmt::print("set(ENV{{{}}} [[{}]])\n", k_caller_variable, caller_note());
  std::fwrite(script.data(), 1, script.size(), stdout); // main finds out when it could not be written
  return ExitCode::ok;
}

enum class ListFormat { text, json, github, gitlab };

Result<ExitCode> list(const MatrixOptions& options, ListFormat format) {
  TRY_ASSIGN(const Plan plan, plan_of(options));
  if (format == ListFormat::github || format == ListFormat::gitlab) {
    TRY_ASSIGN(const std::string jobs, format == ListFormat::github ? list_github(plan) : list_gitlab(plan));
    fmt::print("{}", jobs);
    return ExitCode::ok;
  }
  if (format == ListFormat::json) {
    fmt::print("{}", list_json(plan));
    return ExitCode::ok;
  }
  fmt::print("{}", list_text(plan));
  for (const RuleStanding& rule : rule_standings(plan.common)) {
    if (rule.state != RuleState::kept) { // what is well needs no line
      fmt::print("{}: {}\n", rule_test(plan.common.name, rule.rule), rule_words(rule));
    }
  }
  return ExitCode::ok;
}

Result<Project> project_at(const MatrixOptions& options) {
  const auto wanted = project_of(options);
  return wanted ? load_project(*wanted) : Result<Project>(wanted.error());
}

Result<ExitCode> explain(const MatrixOptions& options, std::string name) {
  TRY_ASSIGN(const Project project, project_at(options));
  const Plan plan = make_plan(project.matrix, project.expansion, project.places);
  const std::string asked = name;
  name = cell_of_test(project.places, name).value_or(name);
  const Cell* found = find_cell(plan, name);
  if (found == nullptr) {
    if (const auto rule = explain_rule(project, asked)) {
      fmt::print("{}", *rule);
      return ExitCode::ok;
    }
    return Error{ExitCode::usage, explain_absent(project, name)};
  }
  const BoundCell cell = bind(plan.common, *found);
  const bool ticked = ticked_boxes(plan).contains({cell.row->name, cell.variant->column});
  CellFacts facts{.progress_label = cell.row->is_excluded() ? ""
                                    : ticked                ? "done"
                                                            : "todo",
                  .command = cell_command_line(plan.common, cell),
                  .environment = cell_environment(plan.common, cell),
                  .program = own_program()};
  for (const std::string& artifact : cell.variant->artifacts) {
    facts.artifacts.push_back(artifact_standing(plan.common, artifact));
  }
  fmt::print("{}", explain_cell(project, cell, facts));
  return ExitCode::ok;
}

Result<ExitCode> explain_what_is_missing(const MatrixOptions& options) {
  TRY_ASSIGN(const Project project, project_at(options));
  fmt::print("{}", explain_missing(project));
  return ExitCode::ok;
}

Verb check_verb(MatrixOptions& options) {
  const auto repair = std::make_shared<Repair>(Repair::none);
  Verb verb{.name = "check",
            .help = "Validates the matrix and compares it with the suite",
            .example = "check --fix",
            .action = [&options, repair] { return check(options, *repair); }};
  add_matrix_options(verb, options);
  verb.add(
      "--fix", [repair] { *repair = Repair::fix; }, "change the matrix where that needs no decision");
  return verb;
}

Verb generate_verb(MatrixOptions& options) {
  const auto load = std::make_shared<std::string>();
  Verb verb{.name = "generate",
            .help = "Makes a build directory that ctest runs the matrix from",
            .example = "generate --build-dir build && ctest --test-dir build -L fast",
            .action = [&options, load] {
              return load->empty() ? generate(options) : print_load_script(options, *load);
            }};
  add_matrix_options(verb, options);
  verb.add("--load", load.get(), "the version of the CTest that loads").hidden = true;
  return verb;
}

/// Error (usage): there is no such form.
Result<ListFormat> list_format_of(const std::string& name) {
  const std::pair<const char*, ListFormat> formats[] = {{"text", ListFormat::text},
                                                        {"json", ListFormat::json},
                                                        {"github", ListFormat::github},
                                                        {"gitlab", ListFormat::gitlab}};
  for (const auto& [known, format] : formats) {
    if (name == known) {
      return format;
    }
  }
  return Error{ExitCode::usage,
               fmt::format("--format: expected text, json, github or gitlab, got '{}'", printable(name))};
}

Verb list_verb(MatrixOptions& options) {
  const auto format = std::make_shared<std::string>("text");
  Verb verb{.name = "list",
            .help = "Lists the cells",
            .example = "list --json",
            .action = [&options, format]() -> Result<ExitCode> {
              TRY_ASSIGN(const ListFormat wanted, list_format_of(*format));
              return list(options, wanted);
            }};
  add_matrix_options(verb, options);
  verb.add(
      "--json", [format] { *format = "json"; }, "as JSON");
  VerbOption& form = verb.add("--format", format.get(), "text, json, or as jobs of a CI: github, gitlab");
  form.value_name = "FORM";
  form.instead_of = {"--json"};
  return verb;
}

Verb explain_verb(MatrixOptions& options) {
  struct Options {
    std::string name;
    bool missing = false;
  };

  const auto own = std::make_shared<Options>();
  Verb verb{.name = "explain",
            .help = "Tells why a cell is as it is, or why it is not there",
            .example = "explain actor-conn.wasm",
            .action =
                [&options, own] {
                  if (!own->missing) {
                    return explain(options, own->name);
                  }
                  if (!own->name.empty()) {
                    options.project.matrix = own->name; // the only argument
                  }
                  return explain_what_is_missing(options);
                },
            .lacks = [own] { return own->missing || !own->name.empty() ? "" : "NAME"; }};
  verb.add("NAME", &own->name, "the cell, such as actor-conn.wasm");
  add_matrix_options(verb, options);
  verb.add("--missing", &own->missing, "tell what the matrix leaves out instead");
  return verb;
}

} // namespace

std::vector<Verb> matrix_verbs(MatrixOptions& options) {
  return {check_verb(options), generate_verb(options), list_verb(options), explain_verb(options)};
}

} // namespace ctest_matrix
