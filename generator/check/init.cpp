#include "check/init.hpp"

#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/templates.hpp"
#include "base/text.hpp"
#include "check/agents.hpp"
#include "check/propose.hpp"
#include "check/suites.hpp"
#include "plan/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_schema_line = "# yaml-language-server: $schema=matrix.schema.json\n";

/// The settings of VS Code for a checkout that has none; nothing where it has some. A checkout with a CMake
/// project of its own stays that project.
std::optional<std::pair<fs::path, std::string>> editor_settings(const fs::path& directory) {
  std::error_code ignored;
  const fs::path from = fs::weakly_canonical(fs::absolute(directory), ignored);
  const fs::path above = find_checkout(from);
  const fs::path workspace = above.empty() ? from : above;
  fs::path file = workspace / ".vscode" / "settings.json";
  if (fs::exists(file, ignored)) {
    return std::nullopt;
  }
  std::vector<std::string> lines = split_lines(find_template("cmake/vscode.json"));
  const bool own_project = from == workspace || fs::exists(workspace / "CMakeLists.txt", ignored);
  std::string text;
  for (const std::string& line : lines) {
    if (line.find("@FOLDER@") == std::string::npos) {
      text += line + "\n";
    } else if (!own_project) {
      const std::string folder = from.lexically_relative(workspace).string();
      text +=
          replace_all(line, "@FOLDER@", replace_all(replace_all(folder, "\\", "\\\\"), "\"", "\\\"")) + "\n";
    }
  }
  return std::pair(std::move(file), std::move(text));
}

/// What is written beside a matrix, where it was asked for.
void add_asked_files(const InitRequest& request, const fs::path& directory, const std::string& name,
                     Scaffold& scaffold) {
  const auto add = [&](const char* file, const char* source) {
    scaffold.files.emplace_back(directory / file,
                                replace_all(std::string(find_template(source)), "@NAME@", name));
  };
  if (request.cmake) {
    add("CMakeLists.txt", "cmake/CMakeLists.txt");
    add("CMakePresets.json", "cmake/CMakePresets.json");
  }
  if (request.dashboard) {
    add("dashboard.cmake", "cmake/dashboard.cmake");
  }
  if (request.vscode) {
    add("matrix.schema.json", "matrix.schema.json");
    if (auto settings = editor_settings(directory)) {
      scaffold.files.push_back(*std::move(settings));
    }
  }
}

/// The line of a .gitignore for the build directory beside the matrix; nothing where it is there.
void add_ignored_build(const fs::path& directory, Scaffold& scaffold) {
  const fs::path file = directory / ".gitignore";
  const auto known = read_file(file);
  std::string text = known ? *known : "";
  const std::vector<std::string> lines = split_lines(text);
  if (std::ranges::find_first_of(lines, std::vector<std::string>{"build/", "/build/", "build", "/build"}) ==
      lines.end()) {
    text += text.empty() || text.ends_with('\n') ? "" : "\n";
    scaffold.additions.emplace_back(file, text + "/build/\n");
  }
}

std::string where(const FoundSuite& suite, const fs::path& checkout) {
  const std::string relative = suite.directory.lexically_relative(checkout).string();
  return relative == "." ? "the checkout" : relative;
}

std::string described(const FoundSuite& suite, const fs::path& checkout) {
  const std::string endings = suite.endings.empty() ? "" : fmt::format(" (or {})", join(suite.endings, ", "));
  const std::string others = suite.other_files.empty() ? "" : ", " + join(suite.other_files, ", ");
  const std::string program = suite.program ? fmt::format(", of one program, {} with {}", suite.program->name,
                                                          plural(suite.program->suites.size(), "suite"))
                              : !suite.programs.empty()
                                  ? fmt::format(", of {}", plural(suite.programs.size(), "program"))
                                  : "";
  if (suite.kind->name == "cargo" && !suite.packages.empty()) {
    return fmt::format("{}: {} in {} ({})", suite.kind->name, plural(suite.packages.size(), "package"),
                       where(suite, checkout), suite.mark);
  }
  return fmt::format("{}: {} {}{}{}{} in {} ({})", suite.kind->name, plural(suite.count, "file"), suite.files,
                     endings, others, program, where(suite, checkout), suite.mark);
}

/// A directory as one types it where one is.
std::string to_type(const fs::path& directory) {
  std::error_code ignored;
  const fs::path here = directory.lexically_relative(fs::current_path(ignored));
  return shell_quote(here.empty() || *here.begin() == ".." ? directory.string() : here.string());
}

Error which_one(const std::vector<FoundSuite>& suites, const fs::path& checkout) {
  std::string text = fmt::format(
      "{} suites are here; name one, or say --all for a matrix in each one's directory", suites.size());
  for (const FoundSuite& suite : suites) {
    text += fmt::format("\n  ctest-matrix init {} {}\n    {}", suite.kind->name, to_type(suite.directory),
                        described(suite, checkout));
  }
  return {ExitCode::usage, text};
}

Error nothing_found(const InitRequest& request, const fs::path& directory) {
  const auto kind = std::ranges::find(runner_kinds(), request.kind, &RunnerKind::name);
  std::vector<std::string> known;
  for (const RunnerKind& each : runner_kinds()) {
    known.emplace_back(each.name);
  }
  return {ExitCode::input,
          kind != runner_kinds().end()
              ? fmt::format("no test file of {} is below {}; expected files like {}", kind->name,
                            directory.string(), replace_all(join(kind->files, ", "), "**/", ""))
              : fmt::format("no suite was found below {}; expected test files of one of: {}",
                            directory.string(), join(known, ", "))};
}

/// The names of the templates that are whole: those with a directory of their own.
std::vector<std::string> whole_templates() {
  std::vector<std::string> names;
  for (const std::string_view path : template_names()) {
    const std::string kind(path.substr(0, path.find('/')));
    const bool is_part = kind == "cmake" || kind == "suite" || kind == "ci" || kind == "agents" ||
                         kind == "completion" || kind == "generator";
    if (kind != path && !is_part && std::ranges::find(names, kind) == names.end()) {
      names.push_back(kind);
    }
  }
  return names;
}

std::vector<std::string> known_kinds() {
  std::vector<std::string> names = whole_templates();
  for (const RunnerKind& kind : runner_kinds()) {
    names.emplace_back(kind.name);
  }
  return names;
}

/// The workflow of a CI, where it was asked for.
Result<void> add_ci(const InitRequest& request, const fs::path& directory, const std::string& name,
                    Scaffold& scaffold) {
  if (!request.ci.kind.empty()) {
    std::error_code ignored;
    const fs::path place = fs::weakly_canonical(fs::absolute(directory), ignored);
    const fs::path above = find_checkout(place);
    TRY_ASSIGN(auto file, ci_file(request.ci, name, directory, above.empty() ? place : above));
    scaffold.files.push_back(std::move(file));
  }
  return {};
}

Scaffold whole_template(const InitRequest& request) {
  Scaffold scaffold;
  for (const std::string_view path : template_names()) {
    if (path.starts_with(request.kind + "/")) {
      scaffold.files.emplace_back(request.directory / path.substr(request.kind.size() + 1),
                                  find_template(path));
    }
  }
  InitRequest with_all = request;
  with_all.cmake = false; // its own
  with_all.vscode = true;
  with_all.dashboard = true;
  add_asked_files(with_all, request.directory, request.kind, scaffold);
  scaffold.matrices.push_back(request.directory / "matrix.yaml");
  scaffold.tries = false; // what it needs may have to be built for minutes
  return scaffold;
}

Result<void> add_suite(const InitRequest& request, const FoundSuite& suite, const fs::path& directory,
                       const fs::path& checkout, Scaffold& scaffold) {
  Proposal proposal = propose_matrix(suite, checkout);
  scaffold.said.push_back("found " + described(suite, checkout));
  scaffold.said.push_back(fmt::format("columns: {}", join(proposal.columns, ", ")));
  for (const std::string& reason : proposal.left_out) {
    scaffold.said.push_back("left out: " + reason);
  }
  for (std::string& program : proposal.missing) {
    scaffold.missing.push_back(std::move(program));
  }
  const fs::path matrix = directory / "matrix.yaml";
  scaffold.matrices.push_back(matrix);
  scaffold.files.emplace_back(matrix, (request.vscode ? std::string(k_schema_line) : "") + proposal.matrix);
  add_asked_files(request, directory, proposal.name, scaffold);
  return add_ci(request, directory, proposal.name, scaffold);
}

} // namespace

bool is_init_kind(const std::string& name) {
  return std::ranges::count(known_kinds(), name) > 0;
}

namespace {

Result<Scaffold> scaffold_of(const InitRequest& request) {
  const std::vector<std::string> templates = whole_templates();
  if (std::ranges::find(templates, request.kind) != templates.end()) {
    Scaffold scaffold = whole_template(request);
    TRY(add_ci(request, request.directory, request.kind, scaffold));
    if (request.gitignore) {
      add_ignored_build(request.directory, scaffold);
    }
    return scaffold;
  }
  if (!request.kind.empty() && !is_init_kind(request.kind)) {
    return Error{ExitCode::usage, fmt::format("unknown test runner or template '{}'{}", request.kind,
                                              suggestion(request.kind, known_kinds()))};
  }
  std::error_code ignored;
  const fs::path directory = fs::weakly_canonical(fs::absolute(request.directory), ignored);
  const fs::path above = find_checkout(directory);
  const fs::path checkout = above.empty() ? directory : above;
  const std::vector<FoundSuite> suites = find_suites(directory, checkout, request.kind);
  if (suites.empty()) {
    return nothing_found(request, checkout);
  }
  if (suites.size() > 1 && !request.all) {
    return which_one(suites, checkout);
  }
  Scaffold scaffold;
  for (const FoundSuite& suite : suites) {
    const fs::path place = request.all ? suite.directory : request.directory;
    if (std::ranges::find(scaffold.matrices, place / "matrix.yaml") != scaffold.matrices.end()) {
      return which_one(suites, checkout); // two suites in one directory
    }
    TRY(add_suite(request, suite, place, checkout, scaffold));
    if (request.gitignore) {
      add_ignored_build(place, scaffold);
    }
  }
  return scaffold;
}

/// The files for programs, once the matrices are there.
Result<void> add_agents(const InitRequest& request, Scaffold& scaffold) {
  if (!request.agents) {
    return {};
  }
  const auto files = scaffold.files;
  for (const fs::path& matrix : scaffold.matrices) {
    const auto found = std::ranges::find(files, matrix, &std::pair<fs::path, std::string>::first);
    TRY(add_agent_files(matrix.parent_path(), found->second, scaffold));
  }
  return {};
}

/// What goes beside a matrix, for one that is there already; nothing where the matrix itself, or more, was
/// asked for.
Result<std::optional<Scaffold>> additions_alone(const InitRequest& request) {
  const fs::path matrix = request.directory / "matrix.yaml";
  std::error_code ignored;
  const bool more = request.all || request.cmake || request.vscode || request.dashboard ||
                    !request.ci.kind.empty() || !request.kind.empty();
  if (more || !(request.agents || request.gitignore) || !fs::exists(matrix, ignored)) {
    return std::optional<Scaffold>();
  }
  Scaffold scaffold;
  scaffold.tries = false;
  if (request.gitignore) {
    add_ignored_build(request.directory, scaffold);
    if (scaffold.additions.empty()) {
      scaffold.said.push_back(
          fmt::format("{} has the build directory already", (request.directory / ".gitignore").string()));
    }
  }
  if (request.agents) {
    TRY_ASSIGN(const std::string text, read_file(matrix));
    TRY(add_agent_files(request.directory, text, scaffold));
  }
  return std::optional(std::move(scaffold));
}

} // namespace

Result<Scaffold> make_scaffold(const InitRequest& request) {
  TRY_ASSIGN(std::optional<Scaffold> alone, additions_alone(request));
  if (alone) {
    return *std::move(alone);
  }
  TRY_ASSIGN(Scaffold scaffold, scaffold_of(request));
  TRY(add_agents(request, scaffold));
  return scaffold;
}

Result<void> write_scaffold(const Scaffold& scaffold) {
  for (const auto& [path, text] : scaffold.files) {
    if (const auto existing = read_file(path); existing && *existing != text) {
      return Error{ExitCode::input,
                   fmt::format("{} is there already and stays as it is; nothing was written; name another "
                               "directory, such as {}",
                               path.string(), (path.parent_path() / "matrix").string())};
    }
  }
  std::vector<std::pair<fs::path, std::string>> all = scaffold.files;
  all.insert(all.end(), scaffold.additions.begin(), scaffold.additions.end());
  for (const auto& [path, text] : all) {
    if (auto written = write_file_if_changed(path, text); !written) {
      return written;
    }
  }
  return {};
}

} // namespace ctest_matrix
