// The verbs that CTest's tests call: cell, artifact, agree, rule, service, ready.
#include "artifact/artifact.hpp"
#include "cell/agreements.hpp"
#include "cell/cell.hpp"
#include "cell/command.hpp"
#include "cell/ready.hpp"
#include "cell/rules.hpp"
#include "cli/verbs.hpp"
#include "ctest/caller.hpp"
#include "plan/index.hpp"
#include "process/table.hpp"
#include "progress/sources.hpp"
#include "service/service.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace ctest_matrix {

namespace {

enum class CellAction { run, print };

Result<ExitCode> cell(const MatrixOptions& options, const std::string& name, CellAction action) {
  TRY(stay_with_caller(!options.index.empty()));
  TRY_ASSIGN(const Plan plan, plan_of_cell(options, name));
  const BoundCell cell = bind(plan.common, plan.cells.front());
  if (action == CellAction::print) {
    fmt::print("{}\n", cell_command_line(plan.common, cell));
    return ExitCode::ok;
  }
  if (options.index.empty()) { // not CTest, whose fixtures do this
    TRY(build_artifacts_of(plan.common, cell));
  }
  return run_cell(plan, cell, options.index.empty() ? Reader::person : Reader::ctest);
}

Result<ExitCode> artifact(const CommonPlan& common, const std::string& name) {
  TRY_ASSIGN(const ArtifactWork work, build_artifact(common, name));
  fmt::print("{}: {}\n", name, work == ArtifactWork::built ? "built" : "up to date");
  return ExitCode::ok;
}

Result<ExitCode> agree(const CommonPlan& common, const std::string& name) {
  TRY_ASSIGN(const std::string value, check_agreement(common, name));
  fmt::print("{}: {}\n", name, value);
  return ExitCode::ok;
}

struct RuleOptions {
  std::string name;
  std::string base;
};

/// A failure before a set-up that failed before a warning.
ExitCode worse(ExitCode one, ExitCode other) {
  for (const ExitCode code : {ExitCode::failed, ExitCode::setup, ExitCode::skipped}) {
    if (one == code || other == code) {
      return code;
    }
  }
  return ExitCode::ok;
}

/// One rule, or all of them, among which a warning fails nothing.
Result<ExitCode> rule(const CommonPlan& common, const RuleOptions& wanted, Reader reader) {
  const std::string base = base_of_changes(wanted.base);
  std::vector<const Rule*> rules;
  if (!wanted.name.empty()) {
    TRY_ASSIGN(const Rule* one, find_rule(common, wanted.name));
    rules.push_back(one);
  } else {
    std::ranges::transform(common.rules, std::back_inserter(rules), [](const Rule& each) { return &each; });
  }
  if (rules.empty()) {
    return Error{ExitCode::input, fmt::format("the matrix {} has no rules", common.name)};
  }
  ExitCode code = ExitCode::ok;
  for (const Rule* each : rules) {
    const RuleResult result = check_rule(common, *each, base);
    fmt::print("{}", rule_text(*each, result, reader));
    code = worse(code, exit_code_of(*each, result));
  }
  return code == ExitCode::skipped && wanted.name.empty() ? ExitCode::ok : code;
}

Result<ExitCode> ready(const MatrixOptions& options) {
  TRY(stay_with_caller(!options.index.empty()));
  TRY_ASSIGN(const Plan plan, suite_of(options));
  TRY(check_ready(plan.common));
  std::vector<std::string> rows;
  std::ranges::transform(plan.rows, std::back_inserter(rows), &Row::name);
  if (!options.index.empty()) {
    TRY_ASSIGN(rows, row_names_of(options.index));
  }
  TRY(list_sources(plan.common, rows));
  sources_now(plan.common); // read here, no cell has to
  return ExitCode::ok;
}

enum class ServiceAction { up, down, status };

Result<ExitCode> service(const CommonPlan& common, const std::string& name, ServiceAction action,
                         Ending ending) {
  if (name.empty()) {
    for (const Service& service : common.services) {
      TRY_ASSIGN(const std::string description, describe_service(common, service));
      fmt::print("{}", description);
    }
    return ExitCode::ok;
  }
  TRY_ASSIGN(const Service* const found, find_service(common, name));
  const ProcessIdentity caller = ProcessIdentity::of(getppid());
  if (action == ServiceAction::up) {
    TRY(service_up(common, *found, caller));
  } else if (action == ServiceAction::down) {
    TRY(service_down(common, *found, caller, ending));
  }
  TRY_ASSIGN(const std::string description, describe_service(common, *found));
  fmt::print("{}", description);
  return ExitCode::ok;
}

/// What a verb does with the suite, without its cells.
template <typename Verb>
Result<ExitCode> with_suite(const MatrixOptions& options, Verb verb) {
  TRY(stay_with_caller(!options.index.empty()));
  const auto plan = suite_of(options);
  return plan ? verb(plan->common) : Result<ExitCode>(plan.error());
}

Verb cell_verb(MatrixOptions& options) {
  struct Options {
    std::string name;
    CellAction action = CellAction::run;
  };

  const auto own = std::make_shared<Options>();
  Verb verb{.name = "cell",
            .help = "Runs one cell; what each CTest test calls",
            .example = "cell actor-conn.wasm",
            .action = [&options, own] { return cell(options, own->name, own->action); }};
  verb.add("NAME", &own->name, "the cell, such as actor-conn.wasm").required = true;
  add_matrix_options(verb, options);
  add_index_option(verb, options);
  verb.add(
      "--print", [own] { own->action = CellAction::print; }, "only print the command that would run");
  return verb;
}

using NamedAction = Result<ExitCode> (*)(const CommonPlan&, const std::string&);

/// A verb about one named thing of the suite: `verb` with its argument and its action.
Verb about_named(Verb verb, const char* what, NamedAction action, MatrixOptions& options) {
  const auto named = std::make_shared<std::string>();
  verb.add("NAME", named.get(), what).required = true;
  add_matrix_options(verb, options);
  add_index_option(verb, options);
  verb.action = [&options, named, action] {
    return with_suite(options, [&](const CommonPlan& common) { return action(common, *named); });
  };
  return verb;
}

Verb rule_verb(MatrixOptions& options) {
  const auto own = std::make_shared<RuleOptions>();
  Verb verb{
      .name = "rule", .help = "Checks a rule of the matrix, or all of them", .example = "rule no-mocks"};
  verb.add("NAME", &own->name, "the rule; default: each");
  add_matrix_options(verb, options);
  verb.add("--base", &own->base, "what changes are seen against, in place of what the rule says").value_name =
      "REF";
  add_index_option(verb, options);
  verb.action = [&options, own] {
    if (std::filesystem::is_regular_file(own->name)) {
      options.project.matrix = std::exchange(own->name, "");
    }
    const Reader reader = options.index.empty() ? Reader::person : Reader::ctest;
    return with_suite(options, [&](const CommonPlan& common) { return rule(common, *own, reader); });
  };
  return verb;
}

struct ServiceOptions {
  std::string name;
  Ending ending = Ending::linger;
};

/// `service up` and its like: `verb` with its options and its action.
Verb about_service(Verb verb, ServiceAction action, MatrixOptions& options) {
  const auto own = std::make_shared<ServiceOptions>();
  verb.add("NAME", &own->name, "the service").required = action != ServiceAction::status;
  if (action == ServiceAction::down) {
    verb.add(
        "--now", [own] { own->ending = Ending::now; }, "where nobody else holds it, do not let it linger");
  }
  add_matrix_options(verb, options);
  add_index_option(verb, options);
  verb.action = [&options, own, action] {
    if (action == ServiceAction::status && std::filesystem::is_regular_file(own->name)) {
      options.project.matrix = std::exchange(own->name, "");
    }
    return with_suite(
        options, [&](const CommonPlan& common) { return service(common, own->name, action, own->ending); });
  };
  return verb;
}

Verb service_verb(MatrixOptions& options) {
  const Verb up{.name = "up",
                .help = "Starts or borrows it, and holds it for the calling process",
                .example = "service up engine"};
  const Verb down{.name = "down",
                  .help = "Lets go of it; it stops when nobody else holds it",
                  .example = "service down engine --now"};
  const Verb status{
      .name = "status", .help = "Tells who owns it and who holds it", .example = "service status engine"};
  return {.name = "service",
          .help = "Starts a service, ends the hold on it, or tells how it stands",
          .example = "service status",
          .verbs = {about_service(up, ServiceAction::up, options),
                    about_service(down, ServiceAction::down, options),
                    about_service(status, ServiceAction::status, options)}};
}

Verb ready_verb(MatrixOptions& options) {
  Verb verb{.name = "ready",
            .help = "Checks what can be known before any cell runs",
            .example = "ready",
            .action = [&options] { return ready(options); }};
  add_matrix_options(verb, options);
  add_index_option(verb, options);
  return verb;
}

} // namespace

std::vector<Verb> ctest_verbs(MatrixOptions& options) {
  const Verb builds{.name = "artifact",
                    .help = "Builds an artifact where it is not up to date",
                    .example = "artifact napi"};
  const Verb agrees{.name = "agree",
                    .help = "Checks that the places of an agreement hold the same value",
                    .example = "agree engine-version"};
  std::vector<Verb> verbs{cell_verb(options),
                          about_named(builds, "the artifact", artifact, options),
                          about_named(agrees, "the agreement", agree, options),
                          rule_verb(options),
                          service_verb(options),
                          ready_verb(options)};
  for (Verb& verb : verbs) {
    verb.of_one = true;
    std::ranges::for_each(verb.verbs, [](Verb& inner) { inner.of_one = true; });
  }
  return verbs;
}

} // namespace ctest_matrix
