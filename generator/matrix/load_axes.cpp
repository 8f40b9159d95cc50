// The sections `axes`, `forbid`, `columns`, `timeout_scale`, `profiles` and `labels` of a matrix.
#include "base/text.hpp"
#include "matrix/load_section.hpp"
#include "matrix/reserved_words.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

std::vector<Column> read_columns(LoadContext& context, const YamlNode& node, const std::string& what) {
  std::vector<Column> result;
  for (const YamlNode::Entry* entry : free_entries(node, what, context.diagnostics)) {
    check_name(context, entry->key, entry->location, what);
    Column column;
    column.name = entry->key;
    column.axes = read_assignment(context, entry->value, fmt::format("column '{}'", entry->key));
    column.location = entry->location;
    for (const Forbidden& forbidden : context.matrix.forbidden) {
      if (matches(forbidden.when, column.axes)) {
        context.diagnostics.error("M008", entry->value.location,
                                  fmt::format("column '{}': this combination is forbidden{}{}", entry->key,
                                              forbidden.reason.empty() ? "" : ": ", forbidden.reason));
        context.diagnostics.note(forbidden.location, "it is forbidden here");
      }
    }
    for (const Column& other : result) {
      if (other.axes == column.axes) {
        context.diagnostics.error(
            "M018", entry->location,
            fmt::format("column '{}' holds the same cells as column '{}'", entry->key, other.name));
        context.diagnostics.note(other.location, "the other column is here");
      }
    }
    result.push_back(std::move(column));
  }
  if (result.empty() && node.kind != YamlKind::scalar) {
    context.diagnostics.error("M019", node.location, fmt::format("{}: expected at least one column", what));
  }
  return result;
}

/// Adds a value of a list, or one of a map with what the map says of it.
void add_value(LoadContext& context, Axis& axis, const std::string& value, const SourceLocation& at,
               const YamlNode* node) {
  if (std::ranges::find(axis.values, value) != axis.values.end()) {
    context.diagnostics.error("M018", at,
                              fmt::format("axis '{}': the value '{}' is there twice", axis.name, value));
    return;
  }
  ValueSettings settings;
  settings.text = value;
  settings.node = node;
  const YamlNode* text = node != nullptr && node->kind == YamlKind::map ? node->find("text") : node;
  if (text != nullptr && text->kind != YamlKind::null) {
    settings.text =
        read_text(*text, fmt::format("axis '{}': {}", axis.name, value), context.diagnostics).value_or(value);
  }
  axis.values.push_back(value);
  axis.places.push_back(at);
  axis.settings.push_back(std::move(settings));
}

std::vector<const YamlNode::Entry*> free_entries_of_map(const YamlNode& node, std::string_view what,
                                                        Diagnostics& diagnostics) {
  return node.kind == YamlKind::map ? free_entries(node, what, diagnostics)
                                    : std::vector<const YamlNode::Entry*>();
}

void check_axis_name(LoadContext& context, const YamlNode::Entry& axis) {
  check_name(context, axis.key, axis.location, "axes");
  if (const std::string_view meaning = reserved_for_axes(axis.key); !meaning.empty()) {
    context.diagnostics.error(
        "M029", axis.location,
        fmt::format("axes: no axis can be called '{}': {}; expected a name that is none of: {}", axis.key,
                    meaning, join(words_reserved_for_axes(), ", ")));
  }
}

} // namespace

void load_axes(LoadContext& context, const YamlNode& node) {
  for (const YamlNode::Entry* entry : free_entries(node, "axes", context.diagnostics)) {
    check_axis_name(context, *entry);
    Axis axis;
    axis.name = entry->key;
    axis.location = entry->location;
    const std::string what = fmt::format("axis '{}'", entry->key);
    if (entry->value.items.empty() && entry->value.entries.empty()) {
      context.diagnostics.error(
          "M002", entry->value.location,
          fmt::format("{}: expected a list or a map of values, got {}", what,
                      entry->value.kind == YamlKind::sequence ? "an empty one" : describe(entry->value)));
    }
    for (const YamlNode& item : entry->value.items) {
      add_value(context, axis, plain_name(context, item, what), item.location, nullptr);
    }
    for (const YamlNode::Entry* value : free_entries_of_map(entry->value, what, context.diagnostics)) {
      check_name(context, value->key, value->location, what);
      add_value(context, axis, value->key, value->location, &value->value);
    }
    context.matrix.axes.push_back(std::move(axis));
  }
  if (context.matrix.axes.empty() && node.kind != YamlKind::scalar) {
    context.diagnostics.error("M019", node.location, "axes: expected at least one axis");
  }
}

void load_forbid(LoadContext& context, const YamlNode& node) {
  if (node.kind != YamlKind::sequence) {
    context.diagnostics.error("M002", node.location,
                              fmt::format("forbid: expected a list of maps, got {}", describe(node)));
    return;
  }
  for (const YamlNode& item : node.items) {
    Forbidden forbidden{{}, "", item.location};
    bool names_axes = item.kind != YamlKind::map;
    for (const YamlNode::Entry* entry : free_entries(item, "forbid", context.diagnostics)) {
      if (entry->key == "reason") {
        forbidden.reason = read_line(entry->value, "forbid: reason", context.diagnostics).value_or("");
      } else {
        names_axes = true;
        assign(context, *entry, "forbid", forbidden.when);
      }
    }
    if (!names_axes) {
      context.diagnostics.error("M004", item.location,
                                "forbid: expected the values of axes that do not go together, got none");
    }
    if (!forbidden.when.empty()) {
      context.matrix.forbidden.push_back(std::move(forbidden));
    }
  }
}

void load_columns(LoadContext& context, const YamlNode& node) {
  context.matrix.columns = read_columns(context, node, "columns");
}

void load_timeout_scale(LoadContext& context, const YamlNode& node) {
  MapReader reader(node, "timeout_scale", context.diagnostics);
  for (Column& column : context.matrix.columns) {
    if (const YamlNode* factor = reader.optional(column.name)) {
      column.timeout_scale = read_factor(*factor, "timeout_scale: " + column.name, context.diagnostics);
      column.scale_place = factor->location;
    }
  }
  reader.finish();
}

void load_profiles(LoadContext& context, const YamlNode& node) {
  for (const YamlNode::Entry* entry : free_entries(node, "profiles", context.diagnostics)) {
    check_name(context, entry->key, entry->location, "profiles");
    const std::string what = fmt::format("profile '{}'", entry->key);
    Profile profile;
    profile.name = entry->key;
    profile.location = entry->location;
    for (const YamlNode::Entry* setting : free_entries(entry->value, what, context.diagnostics)) {
      if (setting->key == "columns") {
        profile.columns = read_columns(context, setting->value, what + ": columns");
        for (Column& column : profile.columns) {
          const auto base = std::find_if(context.matrix.columns.begin(), context.matrix.columns.end(),
                                         [&](const Column& other) { return other.name == column.name; });
          if (base != context.matrix.columns.end()) {
            column.timeout_scale = base->timeout_scale;
            column.scale_place = base->scale_place;
          }
        }
      } else if (setting->key == "progress") {
        profile.progress = read_progress_path(context, setting->value, what + ": progress");
      } else {
        assign(context, *setting, what, profile.axes);
      }
    }
    context.matrix.profiles.push_back(std::move(profile));
  }
}

void load_labels(LoadContext& context, const YamlNode& node) {
  for (const YamlNode::Entry* entry : free_entries(node, "labels", context.diagnostics)) {
    check_name(context, entry->key, entry->location, "labels");
    if (entry->key == k_excluded) {
      context.diagnostics.error("M017", entry->location,
                                "labels: 'excluded' is the section of rows that only run on request");
    }
    MapReader reader(entry->value, fmt::format("label '{}'", entry->key), context.diagnostics);
    Label label;
    label.name = entry->key;
    label.timeout = reader.positive("timeout", label.timeout);
    label.location = entry->location;
    reader.finish();
    context.matrix.labels.push_back(std::move(label));
  }
}

} // namespace ctest_matrix
