// The matrix as loaded: what the file says, checked, with the places that later messages point to. What a
// member is here from the beginning is the default of the key.
#pragma once

#include "base/clock.hpp"
#include "base/diagnostics.hpp"
#include "base/shared_list.hpp"
#include "matrix/assignment.hpp"
#include "matrix/row.hpp"
#include "matrix/row_file.hpp"
#include "matrix/text_template.hpp"
#include "runners/listing.hpp"
#include "runners/runner_report.hpp"

#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

struct YamlNode;

/// What a value of an axis says of the cells that have it.
struct ValueSettings {
  std::string text;                  ///< what {axis} stands for; {axis.name} is the name of the value
  std::vector<TextTemplate> command; ///< in place of the runner's; empty: that one
  SourceLocation command_place;
  Environment environment;            ///< over the runner's
  std::string directory;              ///< where the command runs, relative to the root; empty: the runner's
  std::optional<ReportFormat> report; ///< in place of the runner's
  double timeout_scale = 1;           ///< factor on the label's time-out
  const YamlNode* node = nullptr;     ///< only while the matrix is loaded: what is not read yet
};

/// What the number or the name of an issue stands for in the address of one.
inline constexpr std::string_view k_issue_placeholder = "{issue}";

/// Behind an axis in a placeholder: the name of its value, where that stands for another text.
inline constexpr std::string_view k_of_name = ".name";

struct Axis {
  std::string name;
  std::vector<std::string> values;
  std::vector<SourceLocation> places;  ///< of the values
  std::vector<ValueSettings> settings; ///< of the values
  SourceLocation location;

  /// Of one of its values.
  const ValueSettings& settings_of(std::string_view value) const { return settings[index_of(value)]; }

private:
  std::size_t index_of(std::string_view value) const;
};

/// Whether a value of the axis stands for another text than its name.
bool has_texts(const Axis& axis);

/// A combination that must not run, and why.
struct Forbidden {
  Assignment when;
  std::string reason;
  SourceLocation location;
};

/// A legal combination of axis values, with all that its cells have in common: it has a cell in each row.
struct Variant {
  std::string suffix; ///< of the cells' names behind the row's: wasm, wasm.remote.cbor
  Assignment axes;    ///< every axis
  std::string column = {};
  std::vector<std::string> labels = {}; ///< behind that of the section
  double timeout_scale = 1;             ///< factor on the label's time-out
  std::vector<std::string> artifacts = {};
  std::vector<std::string> services = {};
  std::vector<std::string> inputs = {};   ///< globs: what its cells depend on besides
  std::vector<TextTemplate> command = {}; ///< in place of the runner's; empty: that one
  Environment environment = {};           ///< over the runner's
  std::string directory = {}; ///< where the command runs, relative to the root; empty: the runner's
  std::optional<ReportFormat> report = {}; ///< in place of the runner's

  bool operator==(const Variant&) const = default;
};

/// One tick box per row: the cells with these axis values.
struct Column {
  std::string name;
  Assignment axes{};
  SharedList<Variant> variants{}; ///< what it comes to in the profile of a plan
  double timeout_scale = 1;       ///< factor on the label's time-out
  SourceLocation scale_place{};
  SourceLocation location{};
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

/// The labels of a matrix that names none, and their time-outs in seconds.
inline constexpr std::pair<std::string_view, int> k_default_labels[] = {{"fast", 120}, {"slow", 600}};

enum class Escaping { regex, none };
enum class LeakPolicy { report, fail };

/// What a cell's report has to prove of a test: its file and its scope, or the scope alone where the report
/// does not name the file.
enum class Proves { file, scope };

/// How the runner lists its tests without running them.
struct ListCommand {
  std::vector<TextTemplate> command; ///< may have {list}, the file that it writes; else its output is read
  ListingFormat format = ListingFormat::lines;
  std::vector<std::string> inputs; ///< globs relative to the root; empty: what the format usually depends on
  Milliseconds timeout{60000};
};

struct Runner {
  std::string directory; ///< relative to the root
  std::vector<TextTemplate> command;
  std::optional<TestFile> file;        ///< the test file, relative to `directory`
  std::optional<TextTemplate> scope;   ///< literal title above every test of the cell
  std::optional<TextTemplate> filter;  ///< value of {filter}
  std::optional<TextTemplate> narrow;  ///< the filter of a single test: {filter}, {test} and its parts
  Escaping escaping = Escaping::regex; ///< how axis values enter `filter`
  ReportFormat report = ReportFormat::exit_code;
  std::vector<TextTemplate>
      report_files; ///< globs relative to `directory`: where it writes its reports itself
  Environment environment;
  Milliseconds grace{5000}; ///< between TERM and KILL
  LeakPolicy leaks = LeakPolicy::report;
  CountCheck counts = CountCheck::losses;
  Proves proves = Proves::file;
  std::optional<ListCommand> listing;
};

struct Artifact {
  std::string name;
  Assignment when;                  ///< needed by the cells that match
  std::vector<std::string> inputs;  ///< globs relative to the root; a leading ! excludes
  std::vector<std::string> outputs; ///< globs relative to the root
  /// Globs relative to the root: where a build writes down which files it has read (base/depfile.hpp).
  std::vector<std::string> depfiles;
  std::vector<std::string> after; ///< artifacts that must be built before
  std::string directory;          ///< relative to the root
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
  Milliseconds linger{0};   ///< how long a service of ours stays after its last lease
  bool borrow_any = false;  ///< one of another checkout, too, whatever that was built from
  bool restart = false;     ///< start the service anew when it ends in the middle of a run
  int instances = 1;        ///< above 1: a pool, of which each cell gets an instance to itself
  SourceLocation location;
};

/// A place that holds a value which another place must hold too.
struct AgreementPlace {
  std::string file;     ///< relative to the root
  TextTemplate pattern; ///< a part of a line, with {value} for the value
  SourceLocation location;
};

/// Places that must hold the same value before any cell runs.
struct Agreement {
  std::string name;
  std::vector<AgreementPlace> places;
  SourceLocation location;
};

enum class RuleLevel { error, warn };

/// Text that must not be in files.
struct ForbiddenText {
  std::string pattern;            ///< `Pattern::parse` accepts it
  std::vector<std::string> files; ///< globs relative to the root; a leading ! excludes
};

/// Files of which some must have changed where others have.
struct Together {
  std::vector<std::string> when; ///< globs relative to the root; a leading ! excludes
  std::vector<std::string> then;
  std::string base; ///< a branch; empty: that of the remote that it calls its own
};

/// What is to hold in the checkout, whatever the cells say.
struct Rule {
  std::string name;
  RuleLevel level = RuleLevel::error;
  std::string reason;
  std::optional<ForbiddenText> forbidden; ///< either this
  std::optional<Together> together;       ///< or this
  SourceLocation location;
};

/// What to do about a failure, by the column that alone has it; empty when others have it too.
using NextSteps = std::vector<std::pair<std::string, std::vector<std::string>>>;

struct Matrix {
  std::string file; ///< as it was named
  std::string name;
  std::string title;
  std::string prefix; ///< in front of every test name, unless the command line has another one
  std::vector<Axis> axes;
  std::vector<Forbidden> forbidden;
  std::vector<Column> columns;
  std::vector<Profile> profiles; ///< always has `default`
  std::vector<Label> labels;
  Runner runner;
  std::vector<Artifact> artifacts;
  std::vector<Service> services;
  std::vector<Agreement> agreements;
  std::vector<Rule> rules;
  NextSteps next_steps;
  /// Globs by column, empty for all of them: what ticks depend on besides test files and artifacts.
  std::vector<std::pair<std::string, std::vector<std::string>>> inputs;
  std::string progress;    ///< relative to the root
  std::string known;       ///< the ledger of known failures, relative to the root; empty: none
  std::string friction;    ///< the friction log; likewise
  std::string issues;      ///< address of an issue, with `{issue}` in it; empty: none
  std::string evidence;    ///< directory of the journal, relative to the root; empty: the checkout's own
  std::string log_current; ///< link to the latest cell's log; empty: none
  std::string log_narrow;
  bool parallel = false;
  bool check = false; ///< a CTest test compares the matrix with the suite
  SourceLocation rows_place;
  std::vector<Row> rows;
  std::vector<RowGlob> row_globs; ///< in the order of the file
  std::vector<Row> absent_rows;   ///< optional ones whose test file is not there; not among `rows`

  const Axis* find_axis(std::string_view axis) const;
  const Profile* find_profile(std::string_view profile) const;
  const Label* find_label(std::string_view label) const;
};

} // namespace ctest_matrix
