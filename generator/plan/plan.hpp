// What runs, bound to one checkout and one build directory: the form in which cells, fixtures and progress
// see a matrix.
#pragma once

#include "matrix/expand.hpp"
#include "matrix/matrix.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Where a matrix is at home.
struct Places {
  std::filesystem::path matrix; ///< absolute
  std::filesystem::path root;   ///< absolute
  std::filesystem::path state;  ///< absolute; what we keep in the build directory for this matrix
  std::string prefix;           ///< in front of every test name

  /// The build directory, which holds the states of all its matrices.
  std::filesystem::path build_dir() const { return state.parent_path().parent_path(); }
};

/// What all cells of a matrix share.
struct SuitePlan {
  std::string name; ///< prefix and matrix name
  Places places;
  std::string profile;
  bool parallel = false;
  std::filesystem::path progress;
  std::filesystem::path log_current; ///< empty: none
  std::filesystem::path log_narrow;
  std::filesystem::path directory; ///< of the runner
  Environment environment;
  ReportFormat report = ReportFormat::exit_code;
  Milliseconds grace{0};
  LeakPolicy leaks = LeakPolicy::report;
  Escaping escaping = Escaping::regex;
  std::optional<TextTemplate> narrow;
  std::vector<Artifact> artifacts;
  std::vector<Service> services;
  std::vector<Agreement> agreements;
  bool check = false;                 ///< a CTest test compares the matrix with the suite
  Assignment overrides;               ///< what the command line says over the profile
  std::optional<ListCommand> listing; ///< its command is each cell's own
  NextSteps next_steps;
};

/// A cell as the progress document knows it.
struct CellId {
  std::string name;
  Assignment axes;
};

/// A row of the progress document and the cells behind each of its boxes.
struct RowPlan {
  std::string name;
  std::string suite;
  std::string label;                      ///< empty for an excluded row
  std::string excluded;                   ///< its reason
  std::vector<std::vector<CellId>> cells; ///< by column
};

/// What the progress document of a profile looks like.
struct DocumentPlan {
  std::string title;
  std::string config; ///< registry (static), encoding (bare), runtimes (native, wasm)
  std::vector<std::string> columns;
  std::vector<std::string> labels; ///< sections, in order
  std::vector<RowPlan> rows;
};

/// One cell, with everything bound that is known before it runs.
struct CellPlan {
  std::string name; ///< without the prefix
  std::string suffix;
  std::string row;
  std::string suite;
  std::string column;
  Assignment axes;
  std::vector<std::string> labels;
  bool excluded = false;
  int timeout = 0; ///< seconds
  std::string skip_reason;
  std::vector<std::string> artifacts;
  std::vector<std::string> services;
  std::vector<std::string> inputs;   ///< globs: what it depends on besides its file and its artifacts
  std::filesystem::path file;        ///< the test file, absolute; empty where the runner names none
  std::string scope;                 ///< empty: none
  std::string filter;                ///< empty: none
  std::vector<TextTemplate> command; ///< with {filter} still open
  std::vector<TextTemplate> list_command;
  Environment environment; ///< the row's own, over the suite's
  int processors = 1;
  std::vector<std::string> locks;
  std::filesystem::path source; ///< the file that has the row: the matrix, or one that it includes
  int line = 0;                 ///< of the row in it
};

struct Plan {
  SuitePlan suite;
  DocumentPlan document;
  std::vector<CellPlan> cells; ///< in the order of the matrix
};

Plan make_plan(const Matrix& matrix, const Expansion& expansion, const Places& places);

const CellPlan* find_cell(const Plan& plan, std::string_view name);

} // namespace ctest_matrix
