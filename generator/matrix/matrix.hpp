// The matrix as loaded: what the file says, checked, with the places that later messages point to.
#pragma once

#include "base/clock.hpp"
#include "base/diagnostics.hpp"
#include "matrix/text_template.hpp"
#include "results/test_report.hpp"

#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Values of some or all axes, in the order of the axes: runtime=wasm, sqlite=remote.
using Assignment = std::vector<std::pair<std::string, std::string>>;

/// The value that an assignment gives to an axis, or null.
const std::string* value_of(const Assignment& assignment, std::string_view axis);

/// Whether `assignment` gives every axis of `pattern` the value that `pattern` has.
bool matches(const Assignment& pattern, const Assignment& assignment);

using Environment = std::vector<std::pair<std::string, TextTemplate>>;

struct Axis {
  std::string name;
  std::vector<std::string> values;
};

/// A combination that must not run, and why.
struct Forbidden {
  Assignment when;
  std::string reason;
  SourceLocation location;
};

/// One tick box per row: the cells with these axis values.
struct Column {
  std::string name;
  Assignment axes;
  double timeout_scale = 1; ///< factor on the label's time-out
  SourceLocation location;
};

struct Profile {
  std::string name;
  Assignment axes;
  std::vector<Column> columns; ///< empty: those of the matrix
  std::string progress;        ///< empty: that of the matrix
  SourceLocation location;
};

struct Label {
  std::string name;
  int timeout = 120; ///< seconds
  SourceLocation location;
};

enum class Escaping { regex, none };
enum class LeakPolicy { report, fail };

struct Runner {
  std::string directory; ///< relative to the root
  std::vector<TextTemplate> command;
  std::optional<TextTemplate> file;    ///< the test file, relative to `directory`
  std::optional<TextTemplate> scope;   ///< literal title above every test of the cell
  std::optional<TextTemplate> filter;  ///< value of {filter}
  std::optional<TextTemplate> narrow;  ///< the filter of a single test: {filter} and {test}
  Escaping escaping = Escaping::regex; ///< how axis values enter `filter`
  ReportFormat report = ReportFormat::exit_code;
  Environment environment;
  Milliseconds grace{5000}; ///< between TERM and KILL
  LeakPolicy leaks = LeakPolicy::report;
};

struct Artifact {
  std::string name;
  Assignment when;                  ///< needed by the cells that match
  std::vector<std::string> inputs;  ///< globs relative to the root; a leading ! excludes
  std::vector<std::string> outputs; ///< globs relative to the root
  std::vector<std::string> after;   ///< artifacts that must be built before
  std::string directory;            ///< relative to the root
  std::vector<TextTemplate> command;
  Environment environment;
  int timeout = 3600; ///< seconds
  SourceLocation location;
};

enum class HealthKind {
  http, ///< an answer to a GET
  tcp,  ///< an accepted connection
  log,  ///< a line of its output
};

struct Health {
  HealthKind kind = HealthKind::http;
  TextTemplate target; ///< an http:// URL, host:port, or what a line of the output holds, literally
  int status = 200;    ///< of http
  std::vector<std::pair<std::string, std::string>>
      fields; ///< top-level JSON fields that must have these values
  Milliseconds interval{2000};
  Milliseconds timeout{60000};
};

struct Service {
  std::string name;
  Assignment when; ///< needed by the cells that match
  std::string directory;
  std::vector<TextTemplate> command;
  Environment environment;
  std::vector<std::string> ports; ///< each chosen free; {name.port.x}
  std::vector<std::string> after; ///< artifacts that must be built before
  Health health;
  std::string log; ///< relative to the root; empty: in the build directory
  int stop_signal = SIGTERM;
  Milliseconds grace{5000}; ///< between the stop signal and KILL
  Milliseconds linger{0};   ///< how long an owned one stays after its last lease
  bool restart = false;     ///< start it anew when it ends in the middle of a run
  int instances = 1;        ///< more than one: a pool, of which each cell gets one to itself
  SourceLocation location;
};

/// One test file.
struct Row {
  std::string name;
  std::string suite;
  std::string label;                                     ///< empty for an excluded row
  std::string excluded;                                  ///< why it only runs on request; empty otherwise
  std::vector<std::pair<std::string, std::string>> skip; ///< column, reason
  std::optional<int> timeout;                            ///< seconds, instead of the label's
  std::vector<std::string> inputs;                       ///< globs: what its cells depend on besides
  SourceLocation location;

  bool is_excluded() const { return label.empty(); }
};

/// What to do about a failure, by the column that alone has it; `shared` when others have it too.
using NextSteps = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// In place of a column's name: every column.
inline constexpr std::string_view k_all_columns = "all";

struct Matrix {
  std::string file; ///< as it was named
  std::string name;
  std::string title;
  std::vector<Axis> axes;
  std::vector<Forbidden> forbidden;
  std::vector<Column> columns;
  std::vector<Profile> profiles; ///< always has `default`
  std::vector<Label> labels;
  Runner runner;
  std::vector<Artifact> artifacts;
  std::vector<Service> services;
  NextSteps next_steps;
  /// Globs by column, or `all`: what ticks depend on besides test files and artifacts.
  std::vector<std::pair<std::string, std::vector<std::string>>> inputs;
  std::string progress;    ///< relative to the root
  std::string log_current; ///< link to the latest cell's log; empty: none
  std::string log_narrow;
  bool parallel = false;
  std::vector<Row> rows;

  const Axis* find_axis(std::string_view axis) const;
  const Profile* find_profile(std::string_view profile) const;
  const Label* find_label(std::string_view label) const;
};

} // namespace ctest_matrix
