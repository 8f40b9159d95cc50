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
  std::string title;               ///< of the progress file
  std::string config;              ///< registry (static), encoding (bare), runtimes (native, wasm)
  std::vector<std::string> labels; ///< sections of the progress file, in order
  std::vector<Column> columns;     ///< with their variants
  std::vector<AxisTexts> texts;    ///< of the axes that need it
  bool parallel = false;
  std::filesystem::path progress;
  std::filesystem::path log_current; ///< empty: none
  std::filesystem::path log_narrow;
  std::filesystem::path directory; ///< of the runner
  Environment environment;
  ReportFormat report = ReportFormat::exit_code;
  Milliseconds grace{0};
  LeakPolicy leaks = LeakPolicy::report;
  CountCheck counts = CountCheck::losses;
  Proves proves = Proves::file;
  Escaping escaping = Escaping::regex;
  std::optional<TextTemplate> narrow;
  std::vector<Artifact> artifacts;
  std::vector<Service> services;
  std::vector<Agreement> agreements;
  std::vector<Rule> rules;
  bool check = false;                 ///< a CTest test compares the matrix with the suite
  Assignment overrides;               ///< what the command line says over the profile
  std::optional<ListCommand> listing; ///< its command is each cell's own
  NextSteps next_steps;
  std::optional<SourceRules> sources; ///< none: the matrix says what cells depend on
  std::string share{};                ///< which part of the cells this machine runs: `2/5`; empty: all
  std::string split{};                ///< which cells are in which share: 16 digits
};

/// One cell, with everything bound that is known before it runs. A cell that exists is legal.
struct Cell {
  std::string name; ///< without the prefix
  std::string suffix;
  Row row;
  std::string column;
  Assignment axes;
  std::vector<std::string> labels;
  int timeout = 0;         ///< seconds
  std::string skip_reason; ///< empty: none
  bool may_skip = false;   ///< its tests may run as well
  std::vector<std::string> artifacts;
  std::vector<std::string> services;
  std::vector<std::string> inputs;   ///< globs: what it depends on besides its file and its artifacts
  std::filesystem::path file;        ///< the test file, absolute; empty where the runner names none
  std::string scope;                 ///< empty: none
  std::string filter;                ///< empty: none
  std::vector<TextTemplate> command; ///< with {filter} still open
  std::vector<TextTemplate> list_command;
  std::filesystem::path directory;    ///< where the command runs; empty: the runner's
  Environment environment;            ///< over the runner's
  std::optional<ReportFormat> report; ///< in place of the runner's
};

/// The cells of one profile of a matrix. Every place in it is that of a file on the disk.
struct Plan {
  CommonPlan common;
  std::vector<Row> rows;             ///< in the order of the matrix
  std::vector<Cell> cells;           ///< in the order of the matrix
  std::vector<Row> absent_rows = {}; ///< optional ones whose file is not there
};

Plan make_plan(const Matrix& matrix, const Expansion& expansion, const Places& places);

/// What the placeholders of the axes stand for: `{tz}` and `{tz.name}`.
std::vector<std::pair<std::string, std::string>> axis_values(const CommonPlan& common, const Cell& cell);

/// The test file, relative to where the command runs: `{path}`.
std::string test_path(const CommonPlan& common, const Cell& cell);

/// Where the command of a cell runs.
const std::filesystem::path& runner_directory(const CommonPlan& common, const Cell& cell);

ReportFormat report_format(const CommonPlan& common, const Cell& cell);

/// The placeholders of a cell that have their values before it runs. Both outlive it.
TextTemplate::Lookup texts_of(const CommonPlan& common, const Cell& cell);

const Cell* find_cell(const Plan& plan, std::string_view name);

/// The name of the cell of a row, without the prefix.
std::string cell_name(const Row& row, const Variant& variant);

} // namespace ctest_matrix
