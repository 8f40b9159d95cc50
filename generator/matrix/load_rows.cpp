#include "base/text.hpp"
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

bool is_pattern(std::string_view name) {
  return name.find_first_of("*?[") != std::string_view::npos;
}

/// `column: reason` pairs.
void load_skips(LoadContext& context, const YamlNode& node, const std::string& what, Row& row) {
  const std::vector<std::string> names = column_names(context.matrix);
  for (const YamlNode::Entry* skipped : free_entries(node, what + ": skip", context.diagnostics)) {
    if (std::find(names.begin(), names.end(), skipped->key) == names.end()) {
      context.diagnostics.error("M015", skipped->location,
                                fmt::format("{}: skip: unknown column '{}'{}", what, skipped->key,
                                            suggestion(skipped->key, names)));
    }
    if (const auto reason = read_text(skipped->value, what + ": skip: the reason", context.diagnostics)) {
      if (trim(*reason).empty()) {
        context.diagnostics.error("M024", skipped->location,
                                  fmt::format("{}: skip: expected a reason for '{}'", what, skipped->key));
      }
      row.skip.emplace_back(skipped->key, *reason);
    }
  }
}

/// What one row has of its own.
void load_details(LoadContext& context, const YamlNode& node, const std::string& what, Row& row,
                  std::vector<std::string>* except) {
  MapReader reader(node, what, context.diagnostics);
  if (const YamlNode* suite = except == nullptr ? reader.optional("suite") : nullptr) {
    row.suite = read_text(*suite, what + ": suite", context.diagnostics).value_or("");
    row.suite_place = suite->location;
  }
  if (const YamlNode* timeout = reader.optional("timeout")) {
    row.timeout = read_positive(*timeout, what + ": timeout", context.diagnostics);
    row.timeout_place = timeout->location;
  }
  row.inputs = reader.texts("inputs");
  if (row.is_excluded()) {
    row.excluded = reader.text("reason", "");
  }
  if (const YamlNode* skip = reader.optional("skip")) {
    load_skips(context, *skip, what, row);
  }
  if (const YamlNode* labels = reader.optional("labels")) {
    row.labels = read_texts(*labels, what + ": labels", context.diagnostics);
    for (const std::string& label : row.labels) {
      check_name(context, label, labels->location, what + ": labels");
    }
  }
  if (const YamlNode* variables = reader.optional("environment")) {
    row.environment =
        read_environment(context, *variables, what + ": environment", context.cell_placeholders);
  }
  row.processors = reader.positive("processors", row.processors);
  row.locks = reader.texts("locks");
  if (except != nullptr) {
    *except = reader.texts("except");
  }
  reader.finish();
}

void load_glob(LoadContext& context, const YamlNode::Entry& entry, Row row) {
  const std::string what = fmt::format("rows '{}'", entry.key);
  RowGlob glob{entry.key, {}, std::move(row), context.matrix.rows.size()};
  if (!context.matrix.runner.file) {
    context.diagnostics.error(
        "M010", entry.location,
        fmt::format("{}: a pattern of test files needs to know where they are; expected runner: file", what));
  }
  if (entry.value.kind != YamlKind::null) {
    load_details(context, entry.value, what, glob.row, &glob.except);
  }
  context.matrix.row_globs.push_back(std::move(glob));
}

void load_row(LoadContext& context, const YamlNode::Entry& entry, const std::string& label) {
  Row row;
  row.name = entry.key;
  row.suite = entry.key;
  row.label = label;
  row.location = entry.location;
  if (is_pattern(entry.key)) {
    load_glob(context, entry, std::move(row));
    return;
  }
  check_name(context, entry.key, entry.location, "rows");
  const auto earlier = std::find_if(context.matrix.rows.begin(), context.matrix.rows.end(),
                                    [&](const Row& other) { return other.name == entry.key; });
  if (earlier != context.matrix.rows.end()) {
    context.diagnostics.error("M012", entry.location,
                              fmt::format("rows: the row '{}' is there twice", entry.key));
    context.diagnostics.note(earlier->location, "the first one is here");
    return;
  }
  if (entry.value.kind == YamlKind::scalar) {
    row.suite = entry.value.scalar;
    row.suite_place = entry.value.location;
  } else if (entry.value.kind != YamlKind::null) {
    load_details(context, entry.value, fmt::format("row '{}'", entry.key), row, nullptr);
  }
  context.matrix.rows.push_back(std::move(row));
}

} // namespace

void load_next_steps(LoadContext& context, const YamlNode& node) {
  MapReader reader(node, "next_steps", context.diagnostics);
  std::vector<std::string> names = column_names(context.matrix);
  names.emplace_back("shared");
  for (const std::string& name : names) {
    if (auto steps = reader.texts(name); !steps.empty()) {
      context.matrix.next_steps.emplace_back(name, std::move(steps));
    }
  }
  reader.finish();
}

void load_inputs(LoadContext& context, const YamlNode& node) {
  if (node.kind != YamlKind::map) {
    context.matrix.inputs.emplace_back(k_all_columns, read_texts(node, "inputs", context.diagnostics));
    return;
  }
  MapReader reader(node, "inputs", context.diagnostics);
  std::vector<std::string> names = column_names(context.matrix);
  names.emplace_back(k_all_columns);
  for (const std::string& name : names) {
    if (auto patterns = reader.texts(name); !patterns.empty()) {
      context.matrix.inputs.emplace_back(name, std::move(patterns));
    }
  }
  reader.finish();
}

void load_rows(LoadContext& context, const YamlNode& node) {
  context.matrix.rows_place = node.location;
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
        load_row(context, entry, label);
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
