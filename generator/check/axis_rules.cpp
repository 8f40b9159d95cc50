#include "check/axis_rules.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::string place(const SourceLocation& at) {
  return at.line > 0 ? fmt::format("{}:{}", at.file, at.line) : at.file;
}

std::string pairs(const Assignment& axes) {
  std::vector<std::string> texts;
  for (const auto& [axis, value] : axes) {
    texts.push_back(fmt::format("{}={}", axis, value));
  }
  return join(texts, ", ");
}

AxisSource axis_source(const Project& project, const Column& column, const std::string& axis) {
  const Expansion& expansion = project.expansion;
  if (const std::string* value = value_of(expansion.overrides, axis)) {
    return {value, "the command line"};
  }
  if (const std::string* value = value_of(column.axes, axis)) {
    return {value, fmt::format("{}: column '{}'", place(column.location), column.name)};
  }
  const Profile& profile = *project.matrix.find_profile(expansion.profile);
  if (const std::string* value = value_of(profile.axes, axis)) {
    return {value, fmt::format("{}: profile '{}'", place(profile.location), profile.name)};
  }
  return {};
}

const Forbidden* rule_against(const Matrix& matrix, const Assignment& axes) {
  const auto found = std::find_if(matrix.forbidden.begin(), matrix.forbidden.end(),
                                  [&](const Forbidden& rule) { return matches(rule.when, axes); });
  return found == matrix.forbidden.end() ? nullptr : &*found;
}

std::string describe(const Forbidden& rule) {
  return fmt::format("{}: forbidden: {}{}", place(rule.location), pairs(rule.when),
                     rule.reason.empty() ? "" : fmt::format(" ({})", rule.reason));
}

const Column* find_column(const Project& project, std::string_view name) {
  const auto& columns = project.expansion.columns;
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

} // namespace ctest_matrix
