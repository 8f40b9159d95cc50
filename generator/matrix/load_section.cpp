#include "matrix/load_section.hpp"

#include "base/text.hpp"
#include "matrix/reserved_words.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace ctest_matrix {

namespace {

bool is_plain_name(std::string_view name) {
  constexpr std::string_view k_allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !name.empty() && name.find_first_not_of(k_allowed) == std::string_view::npos &&
         name.front() != '.' && name.front() != '-';
}

} // namespace

void check_name(LoadContext& context, std::string_view name, const SourceLocation& at,
                std::string_view what) {
  if (!is_plain_name(name)) {
    context.diagnostics.error(
        "M017", at,
        fmt::format(
            "{}: expected a name of letters, digits and . _ -, which begins with none of . and -, got '{}'",
            what, name));
  }
}

void check_row_name(LoadContext& context, std::string_view name, const SourceLocation& at) {
  if (!is_row_name(name)) {
    context.diagnostics.error("M017", at, fmt::format("rows: {}", expected_row_name(name)));
  }
}

std::string read_progress_path(LoadContext& context, const YamlNode& node, const std::string& what) {
  const std::string path = read_text(node, what, context.diagnostics).value_or("");
  if (path.starts_with("~/") && path.size() > 2) {
    const char* const home = std::getenv("HOME");
    if (home != nullptr && home[0] == '/') {
      return (std::filesystem::path(home) / path.substr(2)).lexically_normal().string();
    }
    context.diagnostics.error(
        "M046", node.location,
        fmt::format("{}: '{}' lies in the home directory, and HOME names none", what, path));
    return "";
  }
  const auto parts = split(path, '/');
  if (path.starts_with('~') || path.starts_with('/') || std::ranges::find(parts, "..") != parts.end()) {
    context.diagnostics.error(
        "M046", node.location,
        fmt::format("{}: expected a path below the root, or one that begins with ~/, got '{}'", what, path));
    return "";
  }
  return path;
}

std::string plain_name(LoadContext& context, const YamlNode& node, std::string_view what) {
  const auto text = read_text(node, what, context.diagnostics);
  if (text) {
    check_name(context, *text, node.location, what);
  }
  return text.value_or("");
}

std::vector<std::string> root_placeholders() {
  return {k_root_placeholders.begin(), k_root_placeholders.end()};
}

void report_unknown_choice(LoadContext& context, const YamlNode& node, std::string_view what,
                           const std::vector<std::string>& names) {
  context.diagnostics.error(
      "M007", node.location,
      fmt::format("{}: unknown format {}{}", what, describe(node), suggestion(node.scalar, names)));
}

std::vector<std::string> axis_names(const Matrix& matrix) {
  std::vector<std::string> names;
  for (const Axis& axis : matrix.axes) {
    names.push_back(axis.name);
  }
  return names;
}

std::vector<std::string> column_names(const Matrix& matrix) {
  std::vector<std::string> names;
  for (const Column& column : matrix.columns) {
    names.push_back(column.name);
  }
  return names;
}

void assign(LoadContext& context, const YamlNode::Entry& entry, const std::string& what,
            Assignment& assignment) {
  const Axis* axis = context.matrix.find_axis(entry.key);
  if (axis == nullptr) {
    context.diagnostics.error("M006", entry.location,
                              fmt::format("{}: unknown axis '{}'{}", what, entry.key,
                                          suggestion(entry.key, axis_names(context.matrix))));
    return;
  }
  const auto value = read_text(entry.value, fmt::format("{}: {}", what, entry.key), context.diagnostics);
  if (!value) {
    return;
  }
  if (std::find(axis->values.begin(), axis->values.end(), *value) == axis->values.end()) {
    context.diagnostics.error(
        "M007", entry.value.location,
        fmt::format("{}: unknown {} '{}'{}", what, axis->name, *value, suggestion(*value, axis->values)));
    return;
  }
  assignment.emplace_back(entry.key, *value);
}

Assignment read_assignment(LoadContext& context, const YamlNode& node, const std::string& what) {
  Assignment result;
  for (const YamlNode::Entry* entry : free_entries(node, what, context.diagnostics)) {
    assign(context, *entry, what, result);
  }
  return result;
}

Environment read_environment(LoadContext& context, const YamlNode& node, const std::string& what,
                             const std::vector<std::string>& valid) {
  Environment result;
  for (const YamlNode::Entry* entry : free_entries(node, what, context.diagnostics)) {
    if (entry->key.empty() || entry->key.find('=') != std::string::npos ||
        !line_breaker(entry->key).empty()) {
      context.diagnostics.error("M017", entry->location,
                                fmt::format("{}: expected the name of a variable, of one line and without =, "
                                            "got '{}'",
                                            what, printable(entry->key)));
    }
    if (auto value = read_template(entry->value, fmt::format("{}: {}", what, entry->key), valid,
                                   context.diagnostics)) {
      result.emplace_back(entry->key, std::move(*value));
    }
  }
  return result;
}

} // namespace ctest_matrix
