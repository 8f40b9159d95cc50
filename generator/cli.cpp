#include "cli.hpp"

#include "base/files.hpp"
#include "base/result.hpp"
#include "base/templates.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "emit/cost_data.hpp"
#include "emit/generate.hpp"
#include "matrix/listing.hpp"
#include "matrix/plan_index.hpp"
#include "matrix/project.hpp"
#include "progress/intake.hpp"
#include "progress/last_run.hpp"
#include "progress/plan_bridge.hpp"
#include "report/report_files.hpp"
#include "run/artifact.hpp"
#include "run/cell.hpp"
#include "run/service.hpp"
#include "workflow/run.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr const char* k_version = CTEST_MATRIX_VERSION;

/// Options of every verb that takes a matrix.
struct MatrixOptions {
  ProjectOptions project;
  std::vector<std::string> settings; ///< axis=value
  std::string index;                 ///< what CTest's tests are called with instead of a matrix
};

int report(const Error& error) {
  fmt::print(stderr, "{}{}", error.message, error.message.ends_with('\n') ? "" : "\n");
  return static_cast<int>(error.code);
}

int done(ExitCode code = ExitCode::ok) {
  return static_cast<int>(code);
}

enum class MatrixArgument { positional, option };

void add_matrix_options(CLI::App& verb, MatrixOptions& options,
                        MatrixArgument argument = MatrixArgument::positional) {
  ProjectOptions& project = options.project;
  verb.add_option(argument == MatrixArgument::positional ? "MATRIX" : "--matrix", project.matrix,
                  "the matrix file")
      ->capture_default_str();
  verb.add_option("--root", project.root,
                  "what paths of the matrix are relative to (default: the git checkout)");
  verb.add_option("--build-dir", project.build_dir, "the build directory")->capture_default_str();
  verb.add_option("--profile", project.profile, "a profile of the matrix (default: default)");
  verb.add_option("--prefix", project.prefix, "a text in front of every test name");
  verb.add_option("--set", options.settings, "axis=value, over the profile's")->type_name("AXIS=VALUE");
  verb.add_option("--state", project.state, "where the matrix's state is kept")->group("");
}

void add_index_option(CLI::App& verb, MatrixOptions& options) {
  verb.add_option("--index", options.index, "the index that generate made")->group("");
}

Result<ProjectOptions> project_of(const MatrixOptions& options) {
  ProjectOptions project = options.project;
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      return Error{ExitCode::usage, fmt::format("--set: expected AXIS=VALUE, got '{}'", setting)};
    }
    project.overrides.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  return project;
}

/// The plan with the cell of this name in front, or with no cell when the name is empty.
Result<Plan> plan_for(const MatrixOptions& options, const std::string& cell) {
  if (!options.index.empty()) {
    const auto text = read_file(options.index);
    return text ? read_cell(*text, cell) : Result<Plan>(text.error());
  }
  const auto project = project_of(options);
  if (!project) {
    return project.error();
  }
  auto plan = load_plan(*project);
  if (!plan) {
    return plan;
  }
  std::vector<std::string> names;
  std::vector<CellPlan> found;
  for (CellPlan& known : plan->cells) {
    names.push_back(known.name);
    if (known.name == cell) {
      found.push_back(known);
    }
  }
  if (found.empty() && !cell.empty()) {
    return Error{ExitCode::usage,
                 fmt::format("the matrix {} has no cell '{}'{}", plan->suite.name, cell,
                             names.size() > 20 ? ", see `ctest-matrix list`" : suggestion(cell, names))};
  }
  plan->cells = std::move(found);
  return plan;
}

fs::path own_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

/// The parts of an environment variable between commas and semicolons.
std::set<std::string> listed_in(const char* variable) {
  const char* value = std::getenv(variable);
  std::set<std::string> parts;
  for (const std::string& part : split(replace_all(value == nullptr ? "" : value, ",", ";"), ';')) {
    if (!part.empty()) {
      parts.insert(part);
    }
  }
  return parts;
}

/// What the environment of a ctest asks of the load that it makes.
Result<void> apply_load_environment(MatrixOptions& options, EmitContext& context) {
  if (const char* profile = std::getenv("CTEST_MATRIX_PROFILE"); profile != nullptr && *profile != '\0') {
    options.project.profile = profile;
  }
  for (const std::string& setting : listed_in("CTEST_MATRIX_SET")) {
    options.settings.push_back(setting);
  }
  const char* selection = std::getenv("CTEST_MATRIX_SELECT");
  if (selection != nullptr && *selection != '\0') {
    const auto names = read_file(selection);
    if (!names) {
      return Error{ExitCode::input, fmt::format("CTEST_MATRIX_SELECT: {}", names.error().message)};
    }
    for (const std::string& name : split_lines(*names)) {
      context.selected.insert(name);
    }
  }
  return {};
}

int generate(MatrixOptions options, const std::string& load) {
  EmitContext context;
  if (!load.empty()) {
    if (auto applied = apply_load_environment(options, context); !applied) {
      return report(applied.error());
    }
  }
  auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  if (!load.empty()) {
    // What stands in the way of it is for `progress` and the cells to say: tests must load.
    (void)take_in_last_run(*plan, project->overrides, plans_of(*project), Milliseconds(0));
  }
  context.included = listed_in("CTEST_MATRIX_INCLUDE");
  context.ticked = ticked_boxes(*plan);
  context.source_lines = knows_source_lines(load);
  std::error_code error;
  const fs::path build_dir = fs::absolute(project->build_dir, error).lexically_normal();
  if (load.empty()) {
    if (auto free = check_build_dir(build_dir); !free) {
      return report(free.error());
    }
  }
  if (plan->suite.parallel) {
    // Without it the order is only a worse one.
    static_cast<void>(seed_cost_data(plan->suite.places.build_dir(), test_durations(*plan)));
  }
  const auto script = generate_script(*plan, context);
  if (!script) {
    return report(script.error());
  }
  if (!load.empty()) {
    fmt::print("{}", *script);
    return done();
  }
  if (auto written = generate_build_dir(*plan, own_program(), build_dir, plan->suite.places.matrix);
      !written) {
    return report(written.error());
  }
  const auto excluded = std::count_if(plan->cells.begin(), plan->cells.end(),
                                      [](const CellPlan& cell) { return cell.excluded; });
  fmt::print("{}: {} cells{}; run them with\n  ctest --test-dir {}\n", plan->suite.name,
             plan->cells.size() - static_cast<std::size_t>(excluded),
             excluded == 0 ? "" : fmt::format(" and {} excluded", excluded),
             shell_quote(project->build_dir.string()));
  return done();
}

int init(const std::string& name, const fs::path& directory) {
  std::vector<std::string> kinds;
  std::vector<std::pair<fs::path, std::string_view>> files;
  for (const std::string_view path : template_names()) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) {
      continue;
    }
    const std::string kind(path.substr(0, slash));
    if (kinds.empty() || kinds.back() != kind) {
      kinds.push_back(kind);
    }
    if (kind == name) {
      files.emplace_back(directory / path.substr(slash + 1), find_template(path));
    }
  }
  if (files.empty()) {
    return report({ExitCode::usage, fmt::format("unknown template '{}'{}", name, suggestion(name, kinds))});
  }
  for (const auto& [path, text] : files) {
    if (const auto existing = read_file(path); existing && *existing != text) {
      return report(
          {ExitCode::input,
           fmt::format("{} is there already and stays as it is; nothing was written", path.string())});
    }
  }
  for (const auto& [path, text] : files) {
    if (auto written = write_file_if_changed(path, text); !written) {
      return report(written.error());
    }
    fmt::print("wrote {}\n", path.string());
  }
  const fs::path matrix = directory / "matrix.yaml";
  const fs::path build = directory / "build";
  fmt::print("next:\n  ctest-matrix generate {} --build-dir {}\n  ctest --test-dir {} -L fast\n",
             shell_quote(matrix.string()), shell_quote(build.string()), shell_quote(build.string()));
  return done();
}

int check(const MatrixOptions& options) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  fmt::print("{}: {} rows, {} columns: no problem found\n", options.project.matrix.string(),
             plan->document.rows.size(), plan->document.columns.size());
  for (const std::string& reason : stale_artifacts(plan->suite)) {
    fmt::print("warning: {}\n", reason);
  }
  return done();
}

int list(const MatrixOptions& options, bool json) {
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  fmt::print("{}", json ? list_json(*plan) : list_text(*plan));
  return done();
}

int cell(const MatrixOptions& options, const std::string& name, bool print) {
  const auto plan = plan_for(options, name);
  if (!plan) {
    return report(plan.error());
  }
  if (print) {
    fmt::print("{}\n", cell_command_line(plan->suite, plan->cells.front()));
    return done();
  }
  return done(run_cell(plan->suite, plan->document, plan->cells.front()));
}

int narrow(const MatrixOptions& options, const std::string& name, const std::string& test) {
  const auto plan = plan_for(options, name);
  if (!plan) {
    return report(plan.error());
  }
  const auto code = narrow_cell(plan->suite, plan->document, plan->cells.front(), test);
  return code ? done(*code) : report(code.error());
}

int ready(const MatrixOptions& options) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  const auto result = check_ready(plan->suite);
  return result ? done() : report(result.error());
}

int artifact(const MatrixOptions& options, const std::string& name) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  const auto work = build_artifact(plan->suite, name);
  if (!work) {
    return report(work.error());
  }
  fmt::print("{}: {}\n", name, *work == ArtifactWork::built ? "built" : "up to date");
  return done();
}

enum class ServiceAction { up, down, status };

/// `status` without a name is about every service.
int service_status(const SuitePlan& suite) {
  for (const Service& service : suite.services) {
    fmt::print("{}", describe_service(suite, service));
  }
  return done();
}

int service(const MatrixOptions& options, const std::string& name, ServiceAction action, Ending ending) {
  const auto plan = plan_for(options, "");
  if (!plan) {
    return report(plan.error());
  }
  if (name.empty()) {
    return service_status(plan->suite);
  }
  const auto found = find_service(plan->suite, name);
  if (!found) {
    return report(found.error());
  }
  const ProcessIdentity caller = ProcessIdentity::of(getppid());
  if (action == ServiceAction::up) {
    if (const auto state = service_up(plan->suite, **found, caller); !state) {
      return report(state.error());
    }
  } else if (action == ServiceAction::down) {
    if (const auto result = service_down(plan->suite, **found, caller, ending); !result) {
      return report(result.error());
    }
  }
  fmt::print("{}", describe_service(plan->suite, **found));
  return done();
}

int progress(const MatrixOptions& options, const ResultFiles& files, bool print) {
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  const auto outcome = take_in(*plan, files.empty() ? files_of_build(project->build_dir) : files);
  if (!outcome) {
    return report(outcome.error());
  }
  fmt::print("{}", outcome->message);
  if (print) {
    const auto text = read_file(plan->suite.progress);
    if (!text) {
      return report(text.error());
    }
    fmt::print("\n{}", *text);
  }
  return done();
}

Screen screen() {
  Screen screen;
  winsize size{};
  screen.moving = isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  screen.width = size.ws_col > 0 ? size.ws_col : screen.width;
  return screen;
}

int run(MatrixOptions options, RunRequest request, std::vector<std::string> words) {
  if (!words.empty() && (words.front().ends_with(".yaml") || words.front().ends_with(".yml"))) {
    options.project.matrix = words.front();
    words.erase(words.begin());
  }
  if (auto read = read_words(words, request); !read) {
    return report(read.error());
  }
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto code = run_suite(request, {*project, own_program(), screen()});
  return code ? done(*code) : report(code.error());
}

/// The command line with `--runtime wasm` and `--runtime=wasm` as the words `runtime wasm`, for every option
/// that the verb does not have: the axes are the matrix's.
std::vector<std::string> axes_as_words(const CLI::App& verb, int argc, const char* const* argv) {
  std::vector<std::string> arguments(argv, argv + argc);
  if (argc < 2 || arguments[1] != verb.get_name()) {
    return arguments;
  }
  std::vector<std::string> words;
  for (std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    if (!name.starts_with("--") || name.size() == 2 || name == "--help" ||
        verb.get_option_no_throw(name) != nullptr) {
      words.push_back(std::move(argument));
      continue;
    }
    words.push_back(name.substr(2));
    if (equals != std::string::npos) {
      words.push_back(argument.substr(equals + 1));
    }
  }
  return words;
}

struct ReportOptions {
  bool json = false;
  bool gate = false;
  bool tighten = false;
  std::string baseline;
  std::string write_baseline;
};

ExitCode exit_code_of(Gate gate) {
  switch (gate) {
  case Gate::passed:
    return ExitCode::ok;
  case Gate::regression:
    return ExitCode::failed;
  case Gate::blocked:
  case Gate::nothing_run:
    break;
  }
  return ExitCode::setup;
}

int show_report(const MatrixOptions& options, const ReportOptions& wanted) {
  const bool writes = !wanted.write_baseline.empty();
  if ((wanted.gate || wanted.tighten) && wanted.baseline.empty()) {
    return report(
        {ExitCode::usage, fmt::format("{}: expected --baseline FILE", wanted.gate ? "--gate" : "--tighten")});
  }
  if (writes + !wanted.baseline.empty() > 1 || (wanted.gate && wanted.tighten)) {
    return report({ExitCode::usage, "expected one of: --baseline FILE --gate, --baseline FILE --tighten, "
                                    "--write-baseline FILE"});
  }
  const auto project = project_of(options);
  if (!project) {
    return report(project.error());
  }
  const auto plan = load_plan(*project);
  if (!plan) {
    return report(plan.error());
  }
  using Write = BaselineRequest::Write;
  const BaselineRequest baseline{writes ? wanted.write_baseline : wanted.baseline, writes ? Write::accept
                                                                                   : wanted.tighten
                                                                                       ? Write::tighten
                                                                                       : Write::nothing};
  const auto loaded = load_report(*plan, project->overrides, plans_of(*project), baseline);
  if (!loaded) {
    return report(loaded.error());
  }
  fmt::print("{}", wanted.json ? render_report_json(*loaded)
                               : render_report_text(*loaded, terminal_of(STDOUT_FILENO)));
  std::FILE* remarks = wanted.json ? stderr : stdout;
  if (baseline.write != Write::nothing) {
    fmt::print(remarks, "wrote {}\n", baseline.file.string());
  } else if (loaded->baseline) {
    fmt::print(remarks, "{}", render_gate(*loaded));
  }
  return done(wanted.gate ? exit_code_of(loaded->baseline->gate) : ExitCode::ok);
}

} // namespace

int run_cli(int argc, const char* const* argv) {
  CLI::App app("Runs one test suite over a matrix of runtimes, as one CTest test per test file and runtime.",
               "ctest-matrix");
  app.require_subcommand(1);
  app.set_version_flag("--version", fmt::format("ctest-matrix {}", k_version));
  app.failure_message(CLI::FailureMessage::help);

  std::function<int()> action;
  MatrixOptions options;
  std::string name;
  std::string test;
  std::string load;
  fs::path directory = ".";
  bool json = false;
  bool print = false;
  bool now = false;
  ResultFiles files;

  CLI::App* verb =
      app.add_subcommand("init", "Writes a matrix, a CMakeLists.txt and presets from a template");
  verb->add_option("TEMPLATE", name, "rivetkit")->required();
  verb->add_option("DIR", directory, "where to")->capture_default_str();
  verb->callback([&] { action = [&] { return init(name, directory); }; });

  verb = app.add_subcommand("check", "Validates the matrix");
  add_matrix_options(*verb, options);
  verb->callback([&] { action = [&] { return check(options); }; });

  verb = app.add_subcommand("generate", "Makes a build directory that ctest runs the matrix from");
  add_matrix_options(*verb, options);
  verb->add_option("--load", load)->group("");
  verb->callback([&] { action = [&] { return generate(options, load); }; });

  verb = app.add_subcommand("list", "Lists the cells");
  add_matrix_options(*verb, options);
  verb->add_flag("--json", json, "as JSON");
  verb->callback([&] { action = [&] { return list(options, json); }; });

  CLI::App& run_verb = *app.add_subcommand(
      "run", "Runs what is not ticked yet through ctest, up to the first failure, and sums up");
  RunRequest request;
  std::vector<std::string> words;
  run_verb.add_option(
      "WORDS", words,
      "[MATRIX] [reset|resume] [only FILE|from FILE] [runtime native|wasm|both] [encoding cbor]");
  add_matrix_options(run_verb, options, MatrixArgument::option);
  run_verb.add_option("--only", request.only, "one row, ticked or not")->type_name("FILE");
  run_verb.add_option("--from", request.from, "leave the rows before this one alone")->type_name("FILE");
  run_verb.add_option("--skip", request.skip, "leave a row out; noted in the log")->type_name("FILE");
  run_verb.add_option("-j,--jobs", request.jobs, "cells at a time, where the matrix allows it")
      ->check(CLI::PositiveNumber);
  run_verb.add_flag_callback(
      "--failed", [&] { request.scope = RunScope::failed; }, "just the cells that failed last");
  run_verb.add_flag_callback(
      "--keep-going", [&] { request.on_failure = OnFailure::go_on; }, "go past failures");
  run_verb.add_flag("--stale", request.stale,
                    "also what was ticked before something changed that it depends on");
  run_verb.add_flag("--include-excluded", request.include_excluded, "the excluded rows too");
  run_verb.footer("Any axis of the matrix is an option, too: --runtime wasm, --encoding cbor.");
  run_verb.callback([&] { action = [&] { return run(options, request, words); }; });

  verb = app.add_subcommand("cell", "Runs one cell; what each CTest test calls");
  verb->add_option("NAME", name, "the cell, such as actor-conn.wasm")->required();
  add_matrix_options(*verb, options);
  add_index_option(*verb, options);
  verb->add_flag("--print", print, "only print the command that would run");
  verb->callback([&] { action = [&] { return cell(options, name, print); }; });

  verb =
      app.add_subcommand("narrow", "Reruns the first failing, or the named, test of a cell; records nothing");
  verb->add_option("NAME", name, "the cell, such as actor-conn.wasm")->required();
  verb->add_option("TEST", test, "the test, such as 'Suite > test'");
  add_matrix_options(*verb, options, MatrixArgument::option);
  add_index_option(*verb, options);
  verb->callback([&] { action = [&] { return narrow(options, name, test); }; });

  verb = app.add_subcommand("artifact", "Builds an artifact where it is not up to date");
  verb->add_option("NAME", name, "the artifact")->required();
  add_matrix_options(*verb, options);
  add_index_option(*verb, options);
  verb->callback([&] { action = [&] { return artifact(options, name); }; });

  verb = app.add_subcommand("service", "Starts a service, ends the hold on it, or tells how it stands");
  verb->require_subcommand(1);
  const std::tuple<const char*, const char*, ServiceAction> k_service_actions[] = {
      {"up", "Starts or borrows it, and holds it for the calling process", ServiceAction::up},
      {"down", "Lets go of it; it stops when nobody else holds it", ServiceAction::down},
      {"status", "Tells who owns it and who holds it", ServiceAction::status}};
  for (const auto& [word, help, what] : k_service_actions) {
    CLI::App* sub = verb->add_subcommand(word, help);
    CLI::Option* which = sub->add_option("NAME", name, "the service");
    if (what != ServiceAction::status) {
      which->required();
    }
    if (what == ServiceAction::down) {
      sub->add_flag("--now", now, "where nobody else holds it, do not let it linger");
    }
    add_matrix_options(*sub, options);
    add_index_option(*sub, options);
    sub->callback([&, what = what] {
      action = [&, what] {
        if (what == ServiceAction::status && fs::is_regular_file(name)) { // status MATRIX
          options.project.matrix = std::exchange(name, "");
        }
        return service(options, name, what, now ? Ending::now : Ending::linger);
      };
    });
  }

  verb = app.add_subcommand("ready", "Checks what can be known before any cell runs");
  add_matrix_options(*verb, options);
  add_index_option(*verb, options);
  verb->callback([&] { action = [&] { return ready(options); }; });

  verb = app.add_subcommand("progress", "Brings the progress file up to date with CTest's results");
  add_matrix_options(*verb, options);
  verb->add_option("--junit", files.junit, "a file of ctest --output-junit")->type_name("FILE");
  verb->add_option("--test-xml", files.test_xml, "a Test.xml of a dashboard run")->type_name("FILE");
  verb->add_option("--last-test-log", files.last_test_log, "a LastTest.log, with its neighbours")
      ->type_name("FILE");
  verb->add_option("--journal", files.journal, "another journal")->type_name("FILE");
  verb->add_flag("--print", print, "print the progress file");
  verb->callback([&] { action = [&] { return progress(options, files, print); }; });

  ReportOptions wanted;
  verb = app.add_subcommand("report", "Shows how the suite stands, test by test and against a baseline");
  add_matrix_options(*verb, options);
  verb->add_flag("--json", wanted.json, "as JSON");
  verb->add_option("--baseline", wanted.baseline, "the failures that are known")->type_name("FILE");
  verb->add_flag("--gate", wanted.gate, "exit with 4 when something fails that the baseline does not know");
  verb->add_flag("--tighten", wanted.tighten, "drop from the baseline what is fixed or gone");
  verb->add_option("--write-baseline", wanted.write_baseline,
                   "write the failures of now as the ones that are known")
      ->type_name("FILE");
  verb->callback([&] { action = [&] { return show_report(options, wanted); }; });

  try {
    std::vector<std::string> arguments = axes_as_words(run_verb, argc, argv);
    arguments.erase(arguments.begin());
    std::ranges::reverse(arguments); // what CLI11 wants
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : done(ExitCode::usage);
  }
  return action();
}

} // namespace ctest_matrix
