#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

void load_row(LoadContext& context, const YamlNode::Entry& entry, const std::string& label) {
  check_name(context, entry.key, entry.location, "rows");
  const auto earlier = std::find_if(context.matrix.rows.begin(), context.matrix.rows.end(),
                                    [&](const Row& other) { return other.name == entry.key; });
  if (earlier != context.matrix.rows.end()) {
    context.diagnostics.error("M012", entry.location,
                              fmt::format("rows: the row '{}' is there twice", entry.key));
    context.diagnostics.note(earlier->location, "the first one is here");
    return;
  }
  const std::string what = fmt::format("row '{}'", entry.key);
  Row row{entry.key, entry.key, label, "", {}, {}, {}, entry.location};
  if (entry.value.kind == YamlKind::scalar) {
    row.suite = entry.value.scalar;
  } else if (entry.value.kind != YamlKind::null) {
    MapReader reader(entry.value, what, context.diagnostics);
    row.suite = reader.text("suite", entry.key);
    if (const YamlNode* timeout = reader.optional("timeout")) {
      row.timeout = read_positive(*timeout, what + ": timeout", context.diagnostics);
    }
    row.inputs = reader.texts("inputs");
    if (label.empty()) {
      row.excluded = reader.text("reason", "");
    }
    if (const YamlNode* skip = reader.optional("skip")) {
      for (const YamlNode::Entry* skipped : free_entries(*skip, what + ": skip", context.diagnostics)) {
        const auto names = column_names(context.matrix);
        if (std::find(names.begin(), names.end(), skipped->key) == names.end()) {
          context.diagnostics.error("M015", skipped->location,
                                    fmt::format("{}: skip: unknown column '{}'{}", what, skipped->key,
                                                suggestion(skipped->key, names)));
        }
        const auto reason = read_text(skipped->value, what + ": skip: the reason", context.diagnostics);
        row.skip.emplace_back(skipped->key, reason.value_or(""));
      }
    }
    reader.finish();
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
  if (std::all_of(context.matrix.rows.begin(), context.matrix.rows.end(),
                  [](const Row& row) { return row.is_excluded(); })) {
    context.diagnostics.error("M019", node.location, "rows: expected at least one row that is not excluded");
  }
}

} // namespace ctest_matrix
