// The verb of those who begin: init.
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "check/check.hpp"
#include "check/init.hpp"
#include "cli/matrix_options.hpp"
#include "cli/verbs.hpp"
#include "plan/project.hpp"
#include "run/run.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

struct InitOptions {
  InitRequest request;
  fs::path second; ///< the directory, where the first argument is none
  bool no_try = false;
};

/// A command of ours, as to be typed where the user is.
std::string command_for(const std::string& verb, const fs::path& matrix) {
  const bool is_default = matrix.lexically_normal() == "matrix.yaml";
  return is_default ? "ctest-matrix " + verb
                    : fmt::format("ctest-matrix {} {}", verb, shell_quote(matrix.string()));
}

/// The tests that the runner lists, against the matrix.
Result<void> try_listing(const ProjectOptions& options) {
  ProjectOptions wanted = options;
  wanted.missing_files = MissingFiles::told;
  TRY_ASSIGN(Project project, load_project(wanted));
  if (!project.matrix.runner.listing) {
    return {};
  }
  fmt::print("listing the tests …\n");
  std::fflush(stdout);
  const Compared compared = compare_with_suite(project, project.diagnostics, [](std::size_t /*files*/) {});
  if (const int found = project.diagnostics.errors(); found > 0) {
    const auto first = std::ranges::find(project.diagnostics.all(), Severity::error, &Diagnostic::severity);
    fmt::print("  {}\n", first->message);
    if (found > 1) {
      fmt::print("  and {} more: {}\n", found - 1, command_for("check", options.matrix));
    }
    return {};
  }
  fmt::print("  {} in {}{}\n", plural(compared.tests, "test"), plural(compared.files, "file"),
             compared.is_whole ? "" : ", of what is built");
  return {};
}

/// Runs the first cell that may be run, which is the first thing that users do.
Result<ExitCode> try_cell(const ProjectOptions& options) {
  TRY_ASSIGN(const Plan plan, load_plan(options));
  const Cell& cell = plan.cells.front();
  RunRequest request;
  request.only = cell.row->name;
  if (plan.common.columns.size() > 1) {
    request.axes = {cell.variant->axes.front()};
  }
  const Terminal terminal = terminal_of(STDOUT_FILENO);
  const Screen screen{terminal.moving, terminal.width > 0 ? terminal.width : Screen().width, terminal.color,
                      terminal.utf8};
  fmt::print("running one cell, {} …\n", cell.name);
  std::fflush(stdout);
  return run_suite(request, {options, own_program(), screen});
}

Result<ExitCode> try_matrix(const fs::path& matrix) {
  ProjectOptions options;
  options.matrix = matrix;
  ProjectOptions wanted = options;
  wanted.missing_files = MissingFiles::told;
  TRY_ASSIGN(const Project project, load_project(wanted));
  const bool is_built = !project.matrix.artifacts.empty(); // then what lists the tests is there after a run
  if (!is_built) {
    TRY(try_listing(options));
  }
  TRY_ASSIGN(const ExitCode result, try_cell(options));
  if (is_built) {
    TRY(try_listing(options));
  }
  return result;
}

Result<ExitCode> init(const InitOptions& options) {
  TRY_ASSIGN(const Scaffold scaffold, make_scaffold(options.request));
  TRY(write_scaffold(scaffold));
  for (const std::string& line : scaffold.said) {
    fmt::print("{}\n", line);
  }
  for (const auto& [path, text] : scaffold.files) {
    fmt::print("wrote {}\n", path.lexically_normal().string());
  }
  for (const auto& [path, text] : scaffold.additions) {
    fmt::print("added to {}\n", path.lexically_normal().string());
  }
  ExitCode result = ExitCode::ok;
  for (const std::string& program : scaffold.missing) {
    fmt::print("missing: {}\n", program);
  }
  if (!options.no_try && !scaffold.missing.empty()) {
    fmt::print("not tried: install what is missing first\n");
    result = ExitCode::setup;
  } else if (!options.no_try && scaffold.tries) {
    for (const fs::path& matrix : scaffold.matrices) {
      TRY_ASSIGN(result, try_matrix(matrix));
    }
  }
  for (const fs::path& matrix : scaffold.matrices) {
    fmt::print("next: {}\n", command_for("run", matrix));
  }
  return result;
}

/// The first argument names what to write, or where to.
void sort_arguments(InitOptions& options) {
  InitRequest& request = options.request;
  std::error_code ignored;
  const bool is_place = request.kind.find('/') != std::string::npos || request.kind.starts_with('.') ||
                        (!is_init_kind(request.kind) && fs::is_directory(request.kind, ignored));
  if (options.second.empty() && is_place) {
    request.directory = request.kind;
    request.kind.clear();
  } else {
    request.directory = options.second.empty() ? fs::path(".") : options.second;
  }
}

} // namespace

Verb init_verb() {
  const auto own = std::make_shared<InitOptions>();
  Verb verb{.name = "init",
            .help = "Looks at the checkout, writes a matrix for its suite, and tries it",
            .example = "init vitest ci --no-try",
            .action = [own] {
              sort_arguments(*own);
              return init(*own);
            }};
  InitRequest& request = own->request;
  verb.add("WHAT", &request.kind,
           "a test runner (vitest, jest, pytest, gtest, …) or the template rivetkit, where "
           "the checkout alone does not tell");
  verb.add("DIR", &own->second, "where the matrix goes; default: here");
  verb.add("--all", &request.all, "a matrix for each suite, in its runner's directory");
  verb.add("--no-try", &own->no_try, "neither list the tests nor run a cell");
  verb.add("--cmake", &request.cmake, "a CMakeLists.txt and presets, too");
  verb.add("--vscode", &request.vscode, "VS Code's settings and the schema for its editor, too");
  verb.add("--dashboard", &request.dashboard, "a script that sends results to CDash, too");
  verb.add("--ci", &request.ci.kind, "a workflow that runs it on several machines, too: github or gitlab")
      .value_name = "CI";
  verb.add("--shares", &request.ci.shares, "on how many machines (default: 4)").positive = true;
  verb.add(
      "--agents", &request.agents,
      "a skill and a section of AGENTS.md for programs that work here, too; alone where the matrix is there");
  verb.add("--gitignore", &request.gitignore,
           "a line for the build directory in .gitignore, too; alone where the matrix is there");
  return verb;
}

} // namespace ctest_matrix
