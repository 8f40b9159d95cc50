#include "check/agents.hpp"

#include "base/files.hpp"
#include "base/templates.hpp"
#include "base/text.hpp"
#include "matrix/load.hpp"
#include "plan/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Whether an axis has different values in different columns.
bool tells_columns_apart(const Matrix& matrix, const Axis& axis) {
  std::set<std::string> values;
  for (const Column& column : matrix.columns) {
    const std::string* const value = value_of(column.axes, axis.name);
    values.insert(value == nullptr ? "" : *value);
  }
  return values.size() > 1;
}

/// A row of the table for each axis; of those that tell the columns apart only for the first.
std::string axis_rows(const Matrix& matrix) {
  std::vector<std::string> rows;
  bool is_first = true;
  for (const Axis& axis : matrix.axes) {
    const std::string values = join(axis.values, ", ");
    if (!tells_columns_apart(matrix, axis)) {
      rows.push_back(
          fmt::format("| another {0} ({1}), which opens every box | `ctest-matrix run reset {0} VALUE` |",
                      axis.name, values));
    } else if (is_first) {
      rows.push_back(
          fmt::format("| one {0} alone ({1}); both | `ctest-matrix run {0} VALUE` |", axis.name, values));
      is_first = false;
    }
  }
  return join(rows, "\n");
}

std::string filled(std::string_view name, const Matrix& matrix, const std::string& directory) {
  std::vector<std::string> columns;
  for (const Column& column : matrix.columns) {
    columns.push_back(column.name);
  }
  const std::string logs =
      (fs::path(directory) / "build/ctest-matrix" / matrix.name / "logs/").lexically_normal().string();
  const std::pair<const char*, bool> offers[] = {{"ctest-matrix narrow", matrix.runner.narrow.has_value()},
                                                 {"ctest-matrix rule", !matrix.rules.empty()},
                                                 {"ctest-matrix known", !matrix.known.empty()}};
  std::string text;
  for (const std::string& line : split_lines(find_template(name))) {
    const bool is_left_out = std::ranges::any_of(offers, [&](const auto& offer) {
      return !offer.second && line.find(offer.first) != std::string::npos;
    });
    text += is_left_out ? "" : line + "\n";
  }
  const std::pair<const char*, std::string> values[] = {
      {"@NAME@", matrix.name},
      {"@DIRECTORY@", directory == "." ? "the root of the checkout" : "`" + directory + "`"},
      {"@COLUMNS@", join(columns, ", ")},
      {"@COLUMN@", columns.empty() ? "COLUMN" : columns.back()},
      {"@PROGRESS@", matrix.progress},
      {"@LOGS@", logs},
      {"@AXES@", axis_rows(matrix)}};
  for (const auto& [placeholder, value] : values) {
    text = replace_all(std::move(text), placeholder, value);
  }
  return text;
}

/// Adds a section to a file, which may be there or be among those that are to be written, unless it has it.
void add_section(const fs::path& file, const std::string& section, Scaffold& scaffold) {
  const auto append = [&](std::string& text) {
    const std::vector<std::string> lines = split_lines(text);
    if (std::ranges::find(lines, section.substr(0, section.find('\n'))) == lines.end()) {
      text += text.empty() ? "" : text.ends_with('\n') ? "\n" : "\n\n";
      text += section;
    }
  };
  for (auto* const list : {&scaffold.files, &scaffold.additions}) {
    const auto known = std::ranges::find(*list, file, &std::pair<fs::path, std::string>::first);
    if (known != list->end()) {
      append(known->second);
      return;
    }
  }
  auto text = read_file(file);
  if (!text) {
    scaffold.files.emplace_back(file, section);
    return;
  }
  append(*text);
  scaffold.additions.emplace_back(file, *std::move(text));
}

} // namespace

Result<void> add_agent_files(const fs::path& directory, const std::string& text, Scaffold& scaffold) {
  Diagnostics diagnostics;
  const auto matrix = parse_matrix("matrix.yaml", text, diagnostics,
                                   [&](const std::string& path) { return read_file(directory / path); });
  if (!matrix) {
    return Error{ExitCode::input, diagnostics.render()};
  }
  std::error_code ignored;
  const fs::path here = fs::weakly_canonical(fs::absolute(directory), ignored);
  const fs::path above = find_checkout(here);
  const fs::path checkout = above.empty() ? here : above;
  const std::string relative = here.lexically_relative(checkout).string();
  scaffold.files.emplace_back(checkout / ".claude/skills" / (matrix->name + "-tests") / "SKILL.md",
                              filled("agents/SKILL.md", *matrix, relative));
  add_section(checkout / "AGENTS.md", filled("agents/AGENTS.md", *matrix, relative), scaffold);
  return {};
}

} // namespace ctest_matrix
