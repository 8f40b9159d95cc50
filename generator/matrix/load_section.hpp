// What the loaders of a matrix's sections share; each section has a file of its own.
#pragma once

#include "base/diagnostics.hpp"
#include "matrix/matrix.hpp"
#include "matrix/yaml_tree.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// A matrix as far as it is read.
struct LoadContext {
  Matrix& matrix;
  Diagnostics& diagnostics;
  std::vector<std::string> service_placeholders; ///< engine.dir, engine.port.guard
  std::vector<std::string> cell_placeholders;    ///< what has a value when a cell runs, without {filter}
  bool file_is_told = false;                     ///< `runner: file`, or an argument that is a path
};

/// `k_root_placeholders`.
std::vector<std::string> root_placeholders();

void report_unknown_choice(LoadContext& context, const YamlNode& node, std::string_view what,
                           const std::vector<std::string>& names);

// Sections, in the order in which they depend on each other.
void load_axes(LoadContext& context, const YamlNode& node);
void load_forbid(LoadContext& context, const YamlNode& node);
void load_inputs(LoadContext& context, const YamlNode& node);
void load_columns(LoadContext& context, const YamlNode& node);
void load_timeout_scale(LoadContext& context, const YamlNode& node);
void load_profiles(LoadContext& context, const YamlNode& node);
void load_labels(LoadContext& context, const YamlNode& node);
void load_artifacts(LoadContext& context, const YamlNode& node);
void load_agreements(LoadContext& context, const YamlNode& node);
void load_rules(LoadContext& context, const YamlNode& node);
void load_services(LoadContext& context, const YamlNode& node);
void load_runner(LoadContext& context, const YamlNode& node);
void load_next_steps(LoadContext& context, const YamlNode& node);
void load_rows(LoadContext& context, const YamlNode& node);

/// Reads what the values of the axes say of the runner; to be called while the axes' YAML is there.
/// `placeholders` are those of a command.
void load_value_settings(LoadContext& context, const std::vector<std::string>& placeholders);

/// Reports what the commands of values lack (M010), once it is known where the test files are.
void check_value_commands(LoadContext& context);

/// Whether there is an axis of which each value has a command.
bool commands_everywhere(const Matrix& matrix);
/// The same of a report.
bool reports_everywhere(const Matrix& matrix);

/// Reports what the command of a runner or of a value lacks (M010).
void check_command(LoadContext& context, const SourceLocation& at, const std::vector<TextTemplate>& command,
                   ReportFormat report, const Environment& environment);

/// The one of `choices` that a node names (M007).
template <typename Value, std::size_t N>
Value choice(LoadContext& context, const YamlNode& node, std::string_view what,
             const std::array<std::pair<std::string_view, Value>, N>& choices) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == node.scalar) {
      return value;
    }
    names.emplace_back(name);
  }
  report_unknown_choice(context, node, what, names);
  return choices.back().second;
}

/// Where no argument of the runner looks like a path but one is {file} itself: that one is the test file if
/// every row is named like a file.
void infer_bare_file(LoadContext& context);

/// Warns of a command with {file} in it of which nobody has said whether that is a test file (M047).
void check_file_is_told(LoadContext& context, const YamlNode& runner);

/// Reports M017 for a name with other characters than CTest's names and labels can carry.
void check_name(LoadContext& context, std::string_view name, const SourceLocation& at, std::string_view what);

/// The same for the name of a row, which can have directories.
void check_row_name(LoadContext& context, std::string_view name, const SourceLocation& at);

/// A text that is such a name (M002, M017); empty when it is no text.
std::string plain_name(LoadContext& context, const YamlNode& node, std::string_view what);

/// The path of a progress file: below the root, or `~/…`, which becomes absolute here (M002, M046).
std::string read_progress_path(LoadContext& context, const YamlNode& node, const std::string& what);

std::vector<std::string> axis_names(const Matrix& matrix);
std::vector<std::string> column_names(const Matrix& matrix);

/// Adds one `axis: value` pair to `assignment`; reports an axis or value that does not exist (M006, M007).
void assign(LoadContext& context, const YamlNode::Entry& entry, const std::string& what,
            Assignment& assignment);

/// A map of such pairs.
Assignment read_assignment(LoadContext& context, const YamlNode& node, const std::string& what);

/// Variables whose values may hold the placeholders in `valid`.
Environment read_environment(LoadContext& context, const YamlNode& node, const std::string& what,
                             const std::vector<std::string>& valid);

/// The artifacts that must be built before something; each must be in `known` (M023).
std::vector<std::string> artifact_names(LoadContext& context, const YamlNode& node, const std::string& what,
                                        const std::vector<std::string>& known);

} // namespace ctest_matrix
