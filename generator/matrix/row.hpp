// A row of the matrix, which is one test file, and the one table of the keys that it can have.
#pragma once

#include "base/diagnostics.hpp"
#include "matrix/assignment.hpp"
#include "matrix/text_template.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// The section of rows that only run on request, and the one label of their cells.
inline constexpr std::string_view k_excluded = "excluded";

/// Cells whose tests may all be skipped, and why.
struct Skip {
  std::string column; ///< empty: every one
  Assignment when;    ///< these values of axes
  std::string reason;

  bool operator==(const Skip&) const = default;
};

using Skips = std::vector<Skip>;

/// What is skipped, for messages: `wasm`, `runtime=bun`, `all`.
std::string subject_of(const Skip& skip);

/// The JSON of a skip (base/json_fields.hpp).
template <typename Archive>
void elements(Archive& archive, Skip& skip) {
  archive(skip.column, skip.when, skip.reason);
}

/// One test file. Each key of a row in the matrix file has the member of its name.
struct Row {
  std::string name;
  std::string label; ///< the section that the row is in; empty for an excluded row

  std::string suite;               ///< what the progress file says of the row; without the key, the name
  std::optional<int> timeout;      ///< seconds, instead of the label's
  std::vector<std::string> inputs; ///< globs: what its cells depend on besides
  std::string reason;              ///< why an excluded row only runs on request
  Skips skip;                      ///< the tests are expected to be skipped
  Skips may_skip;                  ///< they may be
  Choices only;                    ///< the cells that the row has; empty: all
  bool optional = false;           ///< without its test file, there is no row
  std::vector<std::string> labels; ///< CTest labels beside that of its section
  Environment environment;         ///< over the runner's
  std::vector<TextTemplate> wrap;  ///< what the command is run by: strace, valgrind, taskset
  int processors = 1;              ///< CTest counts the cell as so many of its parallel jobs
  std::vector<std::string> locks;  ///< CTest runs no two cells with the same lock at a time

  std::vector<std::pair<std::string, SourceLocation>>
      key_places; ///< of the values of the keys that are there
  std::string
      file; ///< below the runner's directory, where files of several patterns could be the row's; else empty
  SourceLocation location;

  bool is_excluded() const { return label.empty(); }

  /// Whether the row has a cell with these values of the axes.
  bool has_cell(const Assignment& axes) const { return is_chosen(only, axes); }

  /// Where the value of a key is; line 0 when the row does not have the key.
  SourceLocation place_of(std::string_view key) const;
};

/// Whether CTest's names, the progress file and the paths of logs can carry the name of a row: letters,
/// digits and . _ - @ +, with / between directories.
bool is_row_name(std::string_view name);

/// `expected a name of …, got 'a b'`, for a message.
std::string expected_row_name(std::string_view name);

/// Which rows can have a key.
enum class RowsWithKey {
  all,
  named,    ///< not those by pattern
  excluded, ///< those of the section `excluded`
};

/// Calls `visit(key, member, rows)` for every key of a row, in the order in which messages name them: the
/// loader reads a row this way.
template <typename Visitor, typename AnyRow>
void visit_row_keys(Visitor& visit, AnyRow& row) {
  visit("suite", row.suite, RowsWithKey::named);
  visit("timeout", row.timeout, RowsWithKey::all);
  visit("inputs", row.inputs, RowsWithKey::all);
  visit("reason", row.reason, RowsWithKey::excluded);
  visit("skip", row.skip, RowsWithKey::all);
  visit("may_skip", row.may_skip, RowsWithKey::all);
  visit("only", row.only, RowsWithKey::all);
  visit("optional", row.optional, RowsWithKey::all);
  visit("labels", row.labels, RowsWithKey::all);
  visit("environment", row.environment, RowsWithKey::all);
  visit("wrap", row.wrap, RowsWithKey::all);
  visit("processors", row.processors, RowsWithKey::all);
  visit("locks", row.locks, RowsWithKey::all);
}

/// The JSON of a row (base/json_fields.hpp).
template <typename Archive>
void fields(Archive& archive, Row& row) {
  archive("name", row.name);
  archive("label", row.label);
  archive.if_set("file", row.file);
  const auto field = [&](std::string_view key, auto& member, RowsWithKey /*rows*/) {
    archive.if_set(key, member);
  };
  visit_row_keys(field, row);
}

/// Rows by pattern: one for each test file that matches and that no other row names.
struct RowGlob {
  std::string pattern;             ///< of row names
  std::vector<std::string> except; ///< patterns of row names
  Row row;                         ///< what each of them is like
  std::size_t position = 0;        ///< index of the row that comes after them
};

} // namespace ctest_matrix
