// The section `agree` of a matrix.
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

AgreementPlace load_place(LoadContext& context, const YamlNode& node, const std::string& what) {
  MapReader reader(node, what, context.diagnostics);
  AgreementPlace place;
  place.location = node.location;
  place.file = reader.required_text("file");
  if (const YamlNode* pattern = reader.required("pattern")) {
    if (auto text = read_template(*pattern, what + ": pattern", {"value"}, context.diagnostics)) {
      if (text->placeholders().size() != 1) {
        context.diagnostics.error("M010", pattern->location,
                                  fmt::format("{}: pattern: expected {{value}} once", what));
      }
      place.pattern = std::move(*text);
    }
  }
  reader.finish();
  return place;
}

} // namespace

void load_agreements(LoadContext& context, const YamlNode& node) {
  for (const YamlNode::Entry* entry : free_entries(node, "agree", context.diagnostics)) {
    check_name(context, entry->key, entry->location, "agree");
    const std::string what = fmt::format("agree '{}'", entry->key);
    Agreement agreement{entry->key, {}, entry->location};
    if (entry->value.kind != YamlKind::sequence || entry->value.items.size() < 2) {
      context.diagnostics.error(
          "M002", entry->value.location,
          fmt::format("{}: expected a list of at least two {{file, pattern}}, got {}", what,
                      entry->value.kind == YamlKind::sequence ? "a shorter one" : describe(entry->value)));
    }
    for (const YamlNode& item : entry->value.items) {
      agreement.places.push_back(load_place(context, item, what));
    }
    context.matrix.agreements.push_back(std::move(agreement));
  }
}

} // namespace ctest_matrix
