// The verbs of those who keep track of failures: known, friction.
#include "cli/verbs.hpp"
#include "ledger/friction_verb.hpp"
#include "ledger/known_verb.hpp"
#include "process/editor.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace ctest_matrix {

namespace {

/// Prints what a function of the suite says.
template <typename Request>
Result<ExitCode> say_of(const MatrixOptions& options, const Request& request,
                        Result<VerbOutcome> (*function)(const Plan&, const ProjectOptions&, const Request&)) {
  TRY_ASSIGN(const ProjectOptions project, project_of(options));
  TRY_ASSIGN(const Plan plan, load_plan(project));
  TRY_ASSIGN(const VerbOutcome outcome, function(plan, project, request));
  fmt::print("{}", outcome.text);
  return outcome.code;
}

void add_cell(Verb& verb, std::string* cell) {
  verb.add("CELL", cell, "the cell, such as actor-conn.wasm").required = true;
}

void add_ledger(Verb& verb, KnownRequest& request) {
  verb.add("--file", &request.file, "the ledger, in place of the one that the matrix names").value_name =
      "FILE";
}

Verb known_list(MatrixOptions& options) {
  const auto own = std::make_shared<KnownRequest>();
  Verb verb{.name = "list",
            .help = "Tells how each known failure stands, and what failed once and is in no entry",
            .example = "known list",
            .action = [&options, own] { return say_of(options, *own, list_known); }};
  add_matrix_options(verb, options);
  add_ledger(verb, *own);
  verb.add("--all", &own->all, "closed entries, and failures that pass since a change, too");
  verb.add("--json", &own->json, "as JSON");
  return verb;
}

Verb known_add(MatrixOptions& options) {
  const auto own = std::make_shared<KnownRequest>();
  Verb verb{.name = "add",
            .help = "Takes in what fails in the newest result of a cell, each test with its message",
            .example = "known add actor-conn.wasm --issue DT-048 --review 2026-12-31",
            .note = "What is closed is reopened, what has changed gets its new message.",
            .action = [&options, own] { return say_of(options, *own, add_known); }};
  add_cell(verb, &own->cell);
  verb.add("TEST", &own->test, "just this test, such as 'Suite > test', or '(TIMEOUT)'");
  add_matrix_options(verb, options, MatrixArgument::option);
  add_ledger(verb, *own);
  verb.add("--where", &own->where,
           "where it is known, in place of the cell alone: 'runtime=wasm, file=actor-conn'")
      .value_name = "CELLS";
  verb.add("--json", &own->json, "as JSON");
  verb.add("--issue", &own->issue, "where it is worked on").value_name = "TEXT";
  verb.add("--review", &own->review, "the last day on which it is excused").value_name = "DAY";
  verb.add("--note", &own->note, "a line about it").value_name = "TEXT";
  return verb;
}

Verb known_close(MatrixOptions& options) {
  const auto own = std::make_shared<KnownRequest>();
  Verb verb{.name = "close",
            .help = "Closes the entries of a cell that passed as often in a row as their rate demands",
            .example = "known close actor-conn.wasm",
            .action = [&options, own] { return say_of(options, *own, close_known); }};
  add_cell(verb, &own->cell);
  verb.add("TEST", &own->test, "just this test");
  add_matrix_options(verb, options, MatrixArgument::option);
  add_ledger(verb, *own);
  verb.add("--json", &own->json, "as JSON");
  verb.add("--anyway", &own->anyway, "after fewer green runs, too");
  verb.add("--note", &own->note, "a line about it").value_name = "TEXT";
  return verb;
}

Verb known_lint(MatrixOptions& options) {
  const auto own = std::make_shared<KnownRequest>();
  Verb verb{.name = "lint",
            .help = "Says what is wrong with the ledger, and what of it is overdue or can be dropped",
            .example = "known lint",
            .action = [&options, own] { return say_of(options, *own, lint_known); }};
  add_matrix_options(verb, options);
  add_ledger(verb, *own);
  verb.add("--json", &own->json, "as JSON");
  return verb;
}

Verb friction_new(MatrixOptions& options) {
  struct Options {
    FrictionRequest request;
    bool no_edit = false;
  };

  const auto own = std::make_shared<Options>();
  Verb verb{
      .name = "new",
      .help = "Writes an entry about a cell that fails, from what the journal knows, and opens it in $EDITOR",
      .example = "friction new actor-conn.wasm --no-edit",
      .action = [&options, own] {
        if (!own->no_edit) {
          own->request.edit = open_in_editor;
        }
        return say_of(options, own->request, new_friction);
      }};
  add_cell(verb, &own->request.cell);
  add_matrix_options(verb, options, MatrixArgument::option);
  verb.add("--no-edit", &own->no_edit, "write it as it is");
  verb.add("--working-on", &own->request.working_on, "what you were working on").value_name = "TEXT";
  return verb;
}

Verb friction_close(MatrixOptions& options) {
  const auto own = std::make_shared<FrictionRequest>();
  Verb verb{.name = "close",
            .help = "Writes into the outcome of a cell's entry since when and how often the cell passes",
            .example = "friction close actor-conn.wasm",
            .action = [&options, own] { return say_of(options, *own, close_friction); }};
  add_cell(verb, &own->cell);
  add_matrix_options(verb, options, MatrixArgument::option);
  verb.add("--note", &own->note, "a line of the outcome").value_name = "TEXT";
  return verb;
}

Verb friction_list(MatrixOptions& options) {
  const auto own = std::make_shared<FrictionRequest>();
  Verb verb{.name = "list",
            .help = "Lists the entries of the friction log",
            .example = "friction list --open",
            .action = [&options, own] { return say_of(options, *own, list_friction); }};
  add_matrix_options(verb, options);
  verb.add("--open", &own->open_only, "those without an outcome");
  verb.add("--json", &own->json, "as JSON");
  return verb;
}

Verb friction_lint(MatrixOptions& options) {
  const auto own = std::make_shared<FrictionRequest>();
  Verb verb{.name = "lint",
            .help = "Says what is wrong with the friction log, and which open entries are of cells that pass",
            .example = "friction lint",
            .action = [&options, own] { return say_of(options, *own, lint_friction); }};
  add_matrix_options(verb, options);
  verb.add("--json", &own->json, "as JSON");
  return verb;
}

} // namespace

std::vector<Verb> history_verbs(MatrixOptions& options) {
  return {{.name = "known",
           .help = "The ledger of known failures: lists them, takes one in, closes one, checks the file",
           .example = "known list",
           .verbs = {known_list(options), known_add(options), known_close(options), known_lint(options)}},
          {.name = "friction",
           .help = "The friction log: a new entry, its outcome, the list, what is wrong with it",
           .example = "friction list --open",
           .verbs = {friction_new(options), friction_close(options), friction_list(options),
                     friction_lint(options)}}};
}

} // namespace ctest_matrix
