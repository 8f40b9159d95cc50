#include "artifact/artifact.hpp"
#include "cell/agreements.hpp"
#include "cell/cell.hpp"
#include "cell/command.hpp"
#include "cli/verbs.hpp"
#include "plan/index.hpp"
#include "process/table.hpp"
#include "service/service.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace ctest_matrix {

namespace {

enum class CellAction { run, print };

Result<ExitCode> cell(const MatrixOptions& options, const std::string& name, CellAction action) {
  const auto plan = plan_of_cell(options, name);
  if (!plan) {
    return plan.error();
  }
  const CellPlan& cell = plan->cells.front();
  if (action == CellAction::print) {
    fmt::print("{}\n", cell_command_line(plan->suite, cell));
    return ExitCode::ok;
  }
  if (options.index.empty()) { // not CTest, whose fixtures do this
    if (const auto built = build_artifacts_of(plan->suite, cell); !built) {
      return built.error();
    }
  }
  const auto document = [&] {
    return options.index.empty() ? Result<DocumentPlan>(plan->document) : load_document(options.index);
  };
  return run_cell(plan->suite, document, cell);
}

Result<ExitCode> artifact(const SuitePlan& suite, const std::string& name) {
  const auto work = build_artifact(suite, name);
  if (!work) {
    return work.error();
  }
  fmt::print("{}: {}\n", name, *work == ArtifactWork::built ? "built" : "up to date");
  return ExitCode::ok;
}

Result<ExitCode> agree(const SuitePlan& suite, const std::string& name) {
  const auto value = check_agreement(suite, name);
  if (!value) {
    return value.error();
  }
  fmt::print("{}: {}\n", name, *value);
  return ExitCode::ok;
}

Result<ExitCode> ready(const SuitePlan& suite) {
  const auto result = check_ready(suite);
  return result ? ExitCode::ok : Result<ExitCode>(result.error());
}

enum class ServiceAction { up, down, status };

Result<ExitCode> service(const SuitePlan& suite, const std::string& name, ServiceAction action,
                         Ending ending) {
  if (name.empty()) {
    for (const Service& service : suite.services) {
      fmt::print("{}", describe_service(suite, service));
    }
    return ExitCode::ok;
  }
  const auto found = find_service(suite, name);
  if (!found) {
    return found.error();
  }
  const ProcessIdentity caller = ProcessIdentity::of(getppid());
  if (action == ServiceAction::up) {
    if (const auto state = service_up(suite, **found, caller); !state) {
      return state.error();
    }
  } else if (action == ServiceAction::down) {
    if (const auto result = service_down(suite, **found, caller, ending); !result) {
      return result.error();
    }
  }
  fmt::print("{}", describe_service(suite, **found));
  return ExitCode::ok;
}

/// What a verb does with the suite, without its cells.
template <typename Verb>
Result<ExitCode> with_suite(const MatrixOptions& options, Verb verb) {
  const auto plan = suite_of(options);
  return plan ? verb(plan->suite) : Result<ExitCode>(plan.error());
}

void add_cell(CommandLine& line) {
  struct Options {
    std::string name;
    CellAction action = CellAction::run;
  };

  const auto own = std::make_shared<Options>();
  CLI::App* verb = line.app.add_subcommand("cell", "Runs one cell; what each CTest test calls");
  verb->footer(example("cell actor-conn.wasm"));
  verb->add_option("NAME", own->name, "the cell, such as actor-conn.wasm")->required();
  add_matrix_options(*verb, line.options);
  add_index_option(*verb, line.options);
  verb->add_flag_callback(
      "--print", [own] { own->action = CellAction::print; }, "only print the command that would run");
  verb->callback(
      [&line, own] { line.action = [&line, own] { return cell(line.options, own->name, own->action); }; });
}

using NamedAction = Result<ExitCode> (*)(const SuitePlan&, const std::string&);

/// A verb about one named thing of the suite.
void add_named(CommandLine& line, const char* name, const char* what, const char* help, const char* such_as,
               NamedAction action) {
  const auto named = std::make_shared<std::string>();
  CLI::App* verb = line.app.add_subcommand(name, help);
  verb->add_option("NAME", *named, what)->required();
  add_matrix_options(*verb, line.options);
  add_index_option(*verb, line.options);
  verb->footer(example(fmt::format("{} {}", name, such_as)));
  verb->callback([&line, named, action] {
    line.action = [&line, named, action] {
      return with_suite(line.options, [&](const SuitePlan& suite) { return action(suite, *named); });
    };
  });
}

void add_service(CommandLine& line) {
  struct Options {
    std::string name;
    Ending ending = Ending::linger;
  };

  const auto own = std::make_shared<Options>();
  CLI::App* verb =
      line.app.add_subcommand("service", "Starts a service, ends the hold on it, or tells how it stands");
  verb->require_subcommand(1);
  verb->footer(example("service status"));
  const auto add = [&](const char* word, const char* help, const char* such_as, ServiceAction action) {
    CLI::App* sub = verb->add_subcommand(word, help);
    sub->footer(example(fmt::format("service {} {}", word, such_as)));
    CLI::Option* which = sub->add_option("NAME", own->name, "the service");
    if (action != ServiceAction::status) {
      which->required();
    }
    if (action == ServiceAction::down) {
      sub->add_flag_callback(
          "--now", [own] { own->ending = Ending::now; }, "where nobody else holds it, do not let it linger");
    }
    add_matrix_options(*sub, line.options);
    add_index_option(*sub, line.options);
    sub->callback([&line, own, action] {
      line.action = [&line, own, action] {
        if (action == ServiceAction::status && std::filesystem::is_regular_file(own->name)) {
          line.options.project.matrix = std::exchange(own->name, "");
        }
        return with_suite(line.options, [&](const SuitePlan& suite) {
          return service(suite, own->name, action, own->ending);
        });
      };
    });
  };
  add("up", "Starts or borrows it, and holds it for the calling process", "engine", ServiceAction::up);
  add("down", "Lets go of it; it stops when nobody else holds it", "engine --now", ServiceAction::down);
  add("status", "Tells who owns it and who holds it", "engine", ServiceAction::status);
}

void add_ready(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("ready", "Checks what can be known before any cell runs");
  add_matrix_options(*verb, line.options);
  add_index_option(*verb, line.options);
  verb->footer(example("ready"));
  verb->callback([&line] { line.action = [&line] { return with_suite(line.options, ready); }; });
}

} // namespace

void add_test_verbs(CommandLine& line) {
  add_cell(line);
  add_named(line, "artifact", "the artifact", "Builds an artifact where it is not up to date", "napi",
            artifact);
  add_named(line, "agree", "the agreement", "Checks that the places of an agreement hold the same value",
            "engine-version", agree);
  add_service(line);
  add_ready(line);
}

} // namespace ctest_matrix
