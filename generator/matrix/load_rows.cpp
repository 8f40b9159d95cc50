// The section `rows` of a matrix, and the sections that speak of columns: `inputs` and `next_steps`.
#include "base/text.hpp"
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace ctest_matrix {

namespace {

constexpr int k_most_processors = 1024;

/// In place of a column's name: every column, in `inputs`; a failure of several, in `next_steps`.
constexpr std::string_view k_all_columns = "all";
constexpr std::string_view k_several_columns = "shared";

/// What a map says for each column and, in place of a column, for `several`, whose name is empty then. A
/// column of that name goes before.
std::vector<std::pair<std::string, std::vector<std::string>>> read_by_column(LoadContext& context,
                                                                             const YamlNode& node,
                                                                             const std::string& what,
                                                                             std::string_view several) {
  MapReader reader(node, what, context.diagnostics);
  std::vector<std::pair<std::string, std::vector<std::string>>> result;
  const auto read = [&](std::string_view key, const std::string& name) {
    if (auto texts = reader.texts(key); !texts.empty()) {
      result.emplace_back(name, std::move(texts));
    }
  };
  const std::vector<std::string> columns = column_names(context.matrix);
  for (const std::string& column : columns) {
    read(column, column);
  }
  if (std::ranges::find(columns, several) == columns.end()) {
    read(several, "");
  }
  reader.finish();
  return result;
}

bool is_pattern(std::string_view name) {
  return name.find_first_of("*?[") != std::string_view::npos;
}

/// Reads the keys of one row from its map into `row`.
class RowReader {
public:
  RowReader(LoadContext& context, const YamlNode& node, std::string what, Row& row)
      : m_context(context), m_reader(node, what, context.diagnostics), m_what(std::move(what)), m_row(row) {}

  void read_named() {
    visit_row_keys(*this, m_row);
    finish();
  }

  /// Rows by pattern have no `suite`, and the key `except` for the rows that the pattern is not to make.
  void read_pattern(std::vector<std::string>& except) {
    m_by_pattern = true;
    visit_row_keys(*this, m_row);
    except = m_reader.texts("except");
    finish();
  }

  /// Called by `visit_row_keys`.
  template <typename Value>
  void operator()(std::string_view key, Value& value, RowsWithKey rows) {
    if ((rows == RowsWithKey::named && m_by_pattern) ||
        (rows == RowsWithKey::excluded && !m_row.is_excluded())) {
      return;
    }
    if (const YamlNode* node = m_reader.optional(key)) {
      read_value(*node, fmt::format("{}: {}", m_what, key), value);
      m_row.key_places.emplace_back(key, node->location);
    }
  }

private:
  void finish() {
    for (const std::string& label : m_row.labels) {
      check_name(m_context, label, m_row.place_of("labels"), m_what + ": labels");
    }
    for (const std::string& lock : m_row.locks) {
      check_lock(lock);
    }
    if (!m_row.wrap.empty()) {
      check_wrap(m_row.wrap.front().source());
    }
    m_reader.finish();
  }

  /// CTest reads locks as a list of CMake's.
  void check_lock(const std::string& lock) {
    if (lock.empty() || !line_breaker(lock).empty() || lock.find_first_of(";[]\\") != std::string::npos) {
      m_context.diagnostics.error(
          "M017", m_row.place_of("locks"),
          fmt::format("{}: locks: expected names of one line without ; [ ] and \\, got '{}'", m_what,
                      printable(lock)));
    }
  }

  /// The runner's command follows it, so that it has to be a program with its options.
  void check_wrap(const std::string& program) {
    if (trim(program).empty() || program.starts_with('-')) {
      m_context.diagnostics.error(
          "M043", m_row.place_of("wrap"),
          fmt::format("{}: wrap: expected a program and its options, such as [strace, -f], got '{}' in its "
                      "place",
                      m_what, printable(program)));
    }
  }

  void read_value(const YamlNode& node, const std::string& what, std::vector<TextTemplate>& value) {
    value = read_command(node, what, m_context.cell_placeholders, m_context.diagnostics);
  }

  void read_value(const YamlNode& node, const std::string& what, std::string& value) {
    value = read_line(node, what, m_context.diagnostics).value_or("");
  }

  void read_value(const YamlNode& node, const std::string& what, std::vector<std::string>& value) {
    value = read_texts(node, what, m_context.diagnostics);
  }

  void read_value(const YamlNode& node, const std::string& what, std::optional<int>& value) {
    value = read_positive(node, what, m_context.diagnostics);
  }

  void read_value(const YamlNode& node, const std::string& what, int& value) {
    value = read_positive(node, what, m_context.diagnostics, k_most_processors).value_or(value);
  }

  void read_value(const YamlNode& node, const std::string& what, Environment& value) {
    value = read_environment(m_context, node, what, m_context.cell_placeholders);
  }

  void read_value(const YamlNode& node, const std::string& what, bool& value) {
    value = read_flag(node, what, m_context.diagnostics).value_or(value);
  }

  /// `{runtime: [bun, deno]}`.
  void read_value(const YamlNode& node, const std::string& what, Choices& value) {
    for (const YamlNode::Entry* axis : free_entries(node, what, m_context.diagnostics)) {
      std::vector<std::string> values;
      for (const std::string& text : read_texts(axis->value, what, m_context.diagnostics)) {
        Assignment one;
        YamlNode named =
            axis->value.kind == YamlKind::sequence ? axis->value.items[values.size()] : axis->value;
        named.scalar = text;
        assign(m_context, {axis->key, axis->location, named}, what, one);
        values.push_back(text);
      }
      value.emplace_back(axis->key, std::move(values));
    }
  }

  /// `{wasm: a reason, all: a reason, runtime: {bun: a reason}}`.
  void read_value(const YamlNode& node, const std::string& what, Skips& value) {
    std::vector<std::string> names = column_names(m_context.matrix);
    const bool column_is_all = std::ranges::find(names, k_all_columns) != names.end();
    names.emplace_back(k_all_columns);
    for (const YamlNode::Entry* skipped : free_entries(node, what, m_context.diagnostics)) {
      if (skipped->value.kind == YamlKind::map) {
        for (const YamlNode::Entry& of_value : skipped->value.entries) {
          Skip skip;
          YamlNode named = of_value.value;
          named.kind = YamlKind::scalar;
          named.scalar = of_value.key;
          named.location = of_value.location;
          assign(m_context, {skipped->key, skipped->location, named}, what, skip.when);
          add_skip(of_value, what, std::move(skip), value);
        }
        continue;
      }
      const bool is_all = !column_is_all && skipped->key == k_all_columns;
      if (std::find(names.begin(), names.end(), skipped->key) == names.end()) {
        m_context.diagnostics.error(
            "M015", skipped->location,
            fmt::format("{}: unknown column '{}'{}", what, skipped->key, suggestion(skipped->key, names)));
      }
      add_skip(*skipped, what, {is_all ? "" : skipped->key, {}, ""}, value);
    }
  }

  void add_skip(const YamlNode::Entry& entry, const std::string& what, Skip skip, Skips& value) {
    if (const auto reason = read_line(entry.value, what + ": the reason", m_context.diagnostics)) {
      if (trim(*reason).empty()) {
        m_context.diagnostics.error("M024", entry.location,
                                    fmt::format("{}: expected a reason for '{}'", what, entry.key));
      }
      skip.reason = *reason;
      value.push_back(std::move(skip));
    }
  }

  LoadContext& m_context;
  MapReader m_reader;
  std::string m_what;
  Row& m_row;
  bool m_by_pattern = false;
};

void load_glob(LoadContext& context, const YamlNode::Entry& entry, Row row) {
  const std::string what = fmt::format("rows '{}'", entry.key);
  RowGlob glob{entry.key, {}, std::move(row), context.matrix.rows.size()};
  if (!context.matrix.runner.file) {
    context.diagnostics.error(
        "M010", entry.location,
        fmt::format("{}: a pattern of test files needs to know where they are; expected runner: file", what));
  }
  if (entry.value.kind != YamlKind::null) {
    RowReader(context, entry.value, what, glob.row).read_pattern(glob.except);
  }
  context.matrix.row_globs.push_back(std::move(glob));
}

/// Where each row of the matrix is.
using RowLocations = std::unordered_map<std::string, SourceLocation>;

void load_row(LoadContext& context, const YamlNode::Entry& entry, const std::string& label,
              RowLocations& rows) {
  Row row;
  row.name = entry.key;
  row.suite = entry.key;
  row.label = label;
  row.location = entry.location;
  if (is_pattern(entry.key)) {
    load_glob(context, entry, std::move(row));
    return;
  }
  check_row_name(context, entry.key, entry.location);
  if (const auto [earlier, is_new] = rows.emplace(entry.key, entry.location); !is_new) {
    context.diagnostics.error("M012", entry.location,
                              fmt::format("rows: the row '{}' is there twice", entry.key));
    context.diagnostics.note(earlier->second, "the first one is here");
    return;
  }
  if (entry.value.kind == YamlKind::scalar) {
    row.suite = read_line(entry.value, fmt::format("row '{}': suite", entry.key), context.diagnostics)
                    .value_or(entry.key);
    row.key_places.emplace_back("suite", entry.value.location);
  } else if (entry.value.kind != YamlKind::null) {
    RowReader(context, entry.value, fmt::format("row '{}'", entry.key), row).read_named();
  }
  context.matrix.rows.push_back(std::move(row));
}

} // namespace

void load_next_steps(LoadContext& context, const YamlNode& node) {
  context.matrix.next_steps = read_by_column(context, node, "next_steps", k_several_columns);
}

void load_inputs(LoadContext& context, const YamlNode& node) {
  if (node.kind == YamlKind::map) {
    context.matrix.inputs = read_by_column(context, node, "inputs", k_all_columns);
  } else {
    context.matrix.inputs.emplace_back("", read_texts(node, "inputs", context.diagnostics));
  }
}

void load_rows(LoadContext& context, const YamlNode& node) {
  context.matrix.rows_place = node.location;
  RowLocations rows;
  std::vector<std::string> sections;
  for (const Label& label : context.matrix.labels) {
    sections.push_back(label.name);
  }
  sections.emplace_back(k_excluded);
  for (const YamlNode::Entry* section : free_entries(node, "rows", context.diagnostics)) {
    if (std::find(sections.begin(), sections.end(), section->key) == sections.end()) {
      context.diagnostics.error(
          "M016", section->location,
          fmt::format("rows: unknown label '{}'{}", section->key, suggestion(section->key, sections)));
    }
    const std::string label = section->key == k_excluded ? "" : section->key;
    if (section->value.kind == YamlKind::map) {
      for (const YamlNode::Entry& entry : section->value.entries) {
        load_row(context, entry, label, rows);
      }
    } else if (section->value.kind != YamlKind::null) {
      free_entries(section->value, fmt::format("rows: {}", section->key), context.diagnostics);
    }
  }
  const std::vector<RowGlob>& globs = context.matrix.row_globs;
  if (std::all_of(context.matrix.rows.begin(), context.matrix.rows.end(),
                  [](const Row& row) { return row.is_excluded(); }) &&
      std::all_of(globs.begin(), globs.end(), [](const RowGlob& glob) { return glob.row.is_excluded(); })) {
    context.diagnostics.error("M019", node.location, "rows: expected at least one row that is not excluded");
  }
}

} // namespace ctest_matrix
