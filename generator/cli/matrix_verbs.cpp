#include "artifact/artifact.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "check/check.hpp"
#include "check/explain.hpp"
#include "check/init.hpp"
#include "check/list.hpp"
#include "cli/verbs.hpp"
#include "progress/plan_bridge.hpp"
#include "run/ctest_load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

const char* environment_variable(const char* name) {
  return std::getenv(name);
}

Result<ExitCode> init(const std::string& name, const fs::path& directory) {
  const auto scaffold = make_scaffold(name, directory);
  if (!scaffold) {
    return scaffold.error();
  }
  if (const auto written = write_scaffold(*scaffold); !written) {
    return written.error();
  }
  for (const std::string& line : scaffold->found) {
    fmt::print("found {}\n", line);
  }
  for (const auto& [path, text] : scaffold->files) {
    fmt::print("wrote {}\n", path.string());
  }
  const fs::path matrix = directory / "matrix.yaml";
  const fs::path build = directory / "build";
  fmt::print("next:\n  ctest-matrix generate {} --build-dir {}\n  ctest --test-dir {} -L fast\n",
             shell_quote(matrix.string()), shell_quote(build.string()), shell_quote(build.string()));
  return ExitCode::ok;
}

enum class Repair { none, fix };

Result<ExitCode> check(const MatrixOptions& options, Repair repair) {
  auto wanted = project_of(options);
  if (!wanted) {
    return wanted.error();
  }
  wanted->missing_files = MissingFiles::told;
  auto project = load_project(*wanted);
  if (!project) {
    return project.error();
  }
  const Compared compared = compare_with_suite(*project, project->diagnostics);
  if (repair == Repair::fix && !compared.fixes.empty()) {
    const auto said = write_fixes(compared.fixes);
    if (!said) {
      return said.error();
    }
    fmt::print("{}", *said);
    return check(options, Repair::none);
  }
  if (const int found = project->diagnostics.errors(); found > 0) {
    return Error{ExitCode::input, fmt::format("{}{} difference{} between the matrix and the suite",
                                              project->diagnostics.render(), found, found == 1 ? "" : "s")};
  }
  fmt::print("{}: {} rows, {} columns{}: no problem found\n", options.project.matrix.string(),
             project->matrix.rows.size(), project->expansion.columns.size(),
             project->matrix.runner.listing
                 ? fmt::format(", {} listed tests in {} files", compared.tests, compared.files)
                 : "");
  const Plan plan = make_plan(project->matrix, project->expansion, project->places);
  for (const std::string& reason : stale_artifacts(plan.suite)) {
    fmt::print("warning: {}\n", reason);
  }
  return ExitCode::ok;
}

Result<ExitCode> generate(const MatrixOptions& options) {
  const auto project = project_of(options);
  if (!project) {
    return project.error();
  }
  const auto plan = make_build_dir(*project, own_program(), environment_variable);
  if (!plan) {
    return plan.error();
  }
  const auto excluded = std::ranges::count_if(plan->cells, &CellPlan::excluded);
  fmt::print("{}: {} cells{}; run them with\n  ctest --test-dir {}\n", plan->suite.name,
             plan->cells.size() - static_cast<std::size_t>(excluded),
             excluded == 0 ? "" : fmt::format(" and {} excluded", excluded),
             shell_quote(project->build_dir.string()));
  return ExitCode::ok;
}

Result<ExitCode> print_load_script(const MatrixOptions& options, const std::string& ctest_version) {
  const auto project = project_of(options);
  if (!project) {
    return project.error();
  }
  const auto script = load_script(*project, ctest_version, environment_variable);
  if (!script) {
    return script.error();
  }
  fmt::print("{}", *script);
  return ExitCode::ok;
}

enum class ListFormat { text, json };

Result<ExitCode> list(const MatrixOptions& options, ListFormat format) {
  const auto plan = plan_of(options);
  if (!plan) {
    return plan.error();
  }
  fmt::print("{}", format == ListFormat::json ? list_json(*plan) : list_text(*plan));
  return ExitCode::ok;
}

Result<Project> project_at(const MatrixOptions& options) {
  const auto wanted = project_of(options);
  return wanted ? load_project(*wanted) : Result<Project>(wanted.error());
}

Result<ExitCode> explain(const MatrixOptions& options, std::string name) {
  const auto project = project_at(options);
  if (!project) {
    return project.error();
  }
  const Plan plan = make_plan(project->matrix, project->expansion, project->places);
  if (name.starts_with(project->places.prefix)) {
    name.erase(0, project->places.prefix.size());
  }
  const CellPlan* cell = find_cell(plan, name);
  if (cell == nullptr) {
    return Error{ExitCode::usage, explain_absent(*project, name)};
  }
  const bool ticked = ticked_boxes(plan).contains({cell->row, cell->column});
  fmt::print("{}", explain_cell(*project, *cell,
                                {cell->excluded ? ""
                                 : ticked       ? "done"
                                                : "todo",
                                 cell_command_line(plan.suite, *cell), cell_environment(plan.suite, *cell),
                                 own_program()}));
  return ExitCode::ok;
}

Result<ExitCode> explain_what_is_missing(const MatrixOptions& options) {
  const auto project = project_at(options);
  if (!project) {
    return project.error();
  }
  fmt::print("{}", explain_missing(*project));
  return ExitCode::ok;
}

void add_init(CommandLine& line) {
  struct Options {
    std::string name;
    fs::path directory = ".";
  };

  const auto own = std::make_shared<Options>();
  CLI::App* verb =
      line.app.add_subcommand("init", "Writes a matrix, a CMakeLists.txt and presets from a template");
  verb->add_option("TEMPLATE", own->name, "vitest, pytest, gtest or rivetkit")->required();
  verb->add_option("DIR", own->directory, "where to")->capture_default_str();
  verb->footer(example("init vitest ci"));
  verb->callback([&line, own] { line.action = [own] { return init(own->name, own->directory); }; });
}

void add_check(CommandLine& line) {
  const auto repair = std::make_shared<Repair>(Repair::none);
  CLI::App* verb = line.app.add_subcommand("check", "Validates the matrix and compares it with the suite");
  add_matrix_options(*verb, line.options);
  verb->add_flag_callback(
      "--fix", [repair] { *repair = Repair::fix; }, "change the matrix where that needs no decision");
  verb->footer(example("check --fix"));
  verb->callback([&line, repair] { line.action = [&line, repair] { return check(line.options, *repair); }; });
}

void add_generate(CommandLine& line) {
  const auto load = std::make_shared<std::string>();
  CLI::App* verb =
      line.app.add_subcommand("generate", "Makes a build directory that ctest runs the matrix from");
  add_matrix_options(*verb, line.options);
  verb->add_option("--load", *load, "the version of the CTest that loads")->group("");
  verb->footer(example("generate --build-dir build && ctest --test-dir build -L fast"));
  verb->callback([&line, load] {
    line.action = [&line, load] {
      return load->empty() ? generate(line.options) : print_load_script(line.options, *load);
    };
  });
}

void add_list(CommandLine& line) {
  const auto format = std::make_shared<ListFormat>(ListFormat::text);
  CLI::App* verb = line.app.add_subcommand("list", "Lists the cells");
  add_matrix_options(*verb, line.options);
  verb->add_flag_callback(
      "--json", [format] { *format = ListFormat::json; }, "as JSON");
  verb->footer(example("list --json"));
  verb->callback([&line, format] { line.action = [&line, format] { return list(line.options, *format); }; });
}

void add_explain(CommandLine& line) {
  struct Options {
    std::string name;
    bool missing = false;
  };

  const auto own = std::make_shared<Options>();
  CLI::App* verb = line.app.add_subcommand("explain", "Tells why a cell is as it is, or why it is not there");
  verb->add_option("NAME", own->name, "the cell, such as actor-conn.wasm");
  add_matrix_options(*verb, line.options);
  verb->add_flag("--missing", own->missing, "tell what the matrix leaves out instead");
  verb->footer(example("explain actor-conn.wasm"));
  verb->callback([&line, own] {
    if (own->missing && !own->name.empty()) {
      line.options.project.matrix = own->name; // the only argument
    } else if (!own->missing && own->name.empty()) {
      throw CLI::RequiredError("NAME");
    }
    line.action = [&line, own] {
      return own->missing ? explain_what_is_missing(line.options) : explain(line.options, own->name);
    };
  });
}

} // namespace

void add_matrix_verbs(CommandLine& line) {
  add_init(line);
  add_check(line);
  add_generate(line);
  add_list(line);
  add_explain(line);
}

} // namespace ctest_matrix
