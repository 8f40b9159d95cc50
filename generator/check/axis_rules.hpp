// Which rule of a matrix gives an axis its value, or stands against a combination: what explanations quote.
#pragma once

#include "plan/project.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

/// `file:line` of a place, or the file alone.
std::string place(const SourceLocation& at);

/// `runtime=wasm, sqlite=remote`.
std::string pairs(const Assignment& axes);

/// What gives an axis its value in the cells of a column.
struct AxisSource {
  const std::string* value = nullptr; ///< null: nothing does, every value has its cell
  std::string rule;                   ///< `matrix.yaml:13: column 'wasm'`
};

AxisSource axis_source(const Project& project, const Column& column, const std::string& axis);

/// The first rule that forbids a combination, or null.
const Forbidden* rule_against(const Matrix& matrix, const Assignment& axes);

std::string describe(const Forbidden& rule);

/// A column of the project's profile, or null.
const Column* find_column(const Project& project, std::string_view name);

} // namespace ctest_matrix
