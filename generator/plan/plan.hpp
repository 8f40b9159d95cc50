// What runs, bound to one checkout and one build directory: the form in which cells, fixtures and progress
// see a matrix.
#pragma once

#include "matrix/expand.hpp"
#include "matrix/matrix.hpp"
#include "plan/places.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What the values of an axis stand for in a text, where that is not their names.
struct AxisTexts {
  std::string axis;
  std::vector<std::pair<std::string, std::string>> texts; ///< by value
};

/// What a cell rests on where the matrix has no `inputs`: what git knows, less this.
struct SourceRules {
  std::string test_file;                     ///< `runner: file`; empty: none
  std::vector<std::filesystem::path> except; ///< absolute: what we write, and the matrix
};

/// What all cells of a plan share.
struct CommonPlan {
  std::string name; ///< prefix and matrix name
  Places places;
  std::string profile;
  std::string title;            ///< of the progress file
  std::string config;           ///< registry (static), encoding (bare), runtimes (native, wasm)
  std::vector<Label> labels;    ///< sections of the progress file, in order
  std::vector<Column> columns;  ///< with their variants
  std::vector<AxisTexts> texts; ///< of the axes that need it
  bool parallel = false;
  std::filesystem::path progress;
  std::filesystem::path known;       ///< the ledger; empty: none
  std::filesystem::path friction;    ///< the friction log; empty: none
  std::string issues{};              ///< address of an issue, with `{issue}` in it; empty: none
  std::filesystem::path log_current; ///< empty: none
  std::filesystem::path log_narrow;
  std::filesystem::path directory; ///< of the runner
  std::vector<TextTemplate> command;
  std::optional<TestFile> file;
  std::optional<TextTemplate> scope;
  std::optional<TextTemplate> filter;
  Environment environment;
  ReportFormat report = ReportFormat::exit_code;
  Milliseconds grace{0};
  LeakPolicy leaks = LeakPolicy::report;
  CountCheck counts = CountCheck::losses;
  std::vector<TextTemplate> report_files; ///< where the runner writes its reports itself
  Proves proves = Proves::file;
  Escaping escaping = Escaping::regex;
  std::optional<TextTemplate> narrow;
  std::vector<Artifact> artifacts;
  std::vector<Service> services;
  std::vector<Agreement> agreements;
  std::vector<Rule> rules;
  bool check = false;   ///< a CTest test compares the matrix with the suite
  Assignment overrides; ///< what the command line says over the profile
  std::optional<ListCommand> listing;
  NextSteps next_steps;
  std::optional<SourceRules> sources; ///< none: the matrix says what cells depend on
  std::string share{};                ///< which part of the cells this machine runs: `2/5`; empty: all
  std::string split{};                ///< which cells are in which share: 16 digits
  std::string share_run{};            ///< which run of shares it is of; empty: nobody says
};

/// A cell with what it runs: everything bound that is known before it does.
struct BoundCell : Cell {
  std::filesystem::path file;        ///< the test file, absolute; empty where the runner names none
  std::string scope;                 ///< empty: none
  std::string filter;                ///< empty: none
  std::vector<TextTemplate> command; ///< with {filter} still open
  std::vector<TextTemplate> list_command;
  std::filesystem::path directory;       ///< where the command runs; empty: the runner's
  std::vector<std::string> inputs;       ///< globs: what it depends on besides its file and its artifacts
  std::vector<std::string> report_files; ///< globs below the directory; empty: the report is at {report}
};

/// The cells of one profile of a matrix. Every place in it is that of a file on the disk.
struct Plan {
  CommonPlan common;
  SharedList<Row> rows;              ///< in the order of the matrix
  std::vector<Cell> cells;           ///< in the order of the matrix
  std::vector<Row> absent_rows = {}; ///< optional ones whose file is not there
};

/// What all cells of a plan share.
CommonPlan make_common_plan(const Matrix& matrix, const Expansion& expansion, const Places& places);

Plan make_plan(Matrix matrix, const Expansion& expansion, const Places& places);

/// What a cell of the plan runs.
BoundCell bind(const CommonPlan& common, const Cell& cell);

/// What the placeholders of the axes stand for: `{tz}` and `{tz.name}`.
std::vector<std::pair<std::string, std::string>> axis_values(const CommonPlan& common, const Cell& cell);

/// The test file, relative to where the command runs: `{path}`.
std::string test_path(const CommonPlan& common, const BoundCell& cell);

/// Where the command of a cell runs.
const std::filesystem::path& runner_directory(const CommonPlan& common, const BoundCell& cell);

ReportFormat report_format(const CommonPlan& common, const Cell& cell);

/// The placeholders of a cell that have their values before it runs. Both outlive it.
TextTemplate::Lookup texts_of(const CommonPlan& common, const BoundCell& cell);

const Cell* find_cell(const Plan& plan, std::string_view name);

} // namespace ctest_matrix
