// The section `rules` of a matrix.
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

/// Globs of which at least one includes files.
std::vector<std::string> read_globs(LoadContext& context, MapReader& reader, std::string_view key,
                                    const std::string& what) {
  const YamlNode* const node = reader.required(key);
  std::vector<std::string> globs = reader.texts(key);
  const auto includes = [](const std::string& glob) { return !glob.empty() && !glob.starts_with('!'); };
  if (node != nullptr && std::ranges::none_of(globs, includes)) {
    context.diagnostics.error("M002", node->location,
                              fmt::format("{}: {}: expected a glob that includes files", what, key));
  }
  return globs;
}

ForbiddenText read_forbidden_text(LoadContext& context, const YamlNode& node, const std::string& what) {
  MapReader reader(node, what, context.diagnostics);
  ForbiddenText result;
  if (const YamlNode* pattern = reader.required("pattern")) {
    result.pattern = read_text(*pattern, what + ": pattern", context.diagnostics).value_or("");
    Pattern::Problem problem;
    if (pattern->kind == YamlKind::scalar && !Pattern::parse(result.pattern, problem)) {
      SourceLocation at = pattern->location;
      at.column += static_cast<int>(problem.offset) + (pattern->quoted ? 1 : 0);
      at.length = 1;
      context.diagnostics.error("M044", at, fmt::format("{}: pattern: {}", what, problem.message));
    }
  }
  result.files = read_globs(context, reader, "files", what);
  reader.finish();
  return result;
}

Together read_together(LoadContext& context, const YamlNode& node, const std::string& what) {
  MapReader reader(node, what, context.diagnostics);
  Together result{.when = read_globs(context, reader, "when", what),
                  .then = read_globs(context, reader, "then", what),
                  .base = reader.text("base", "")};
  if (result.base.starts_with('-') || !line_breaker(result.base).empty()) {
    context.diagnostics.error(
        "M007", reader.optional("base")->location,
        fmt::format("{}: base: expected a branch, got '{}'", what, printable(result.base)));
  }
  reader.finish();
  return result;
}

RuleLevel read_level(LoadContext& context, const YamlNode& node, const std::string& what) {
  if (node.scalar == "error" || node.scalar == "warn") {
    return node.scalar == "error" ? RuleLevel::error : RuleLevel::warn;
  }
  context.diagnostics.error("M007", node.location,
                            fmt::format("{}: level: unknown level {}{}", what, describe(node),
                                        suggestion(node.scalar, {"error", "warn"})));
  return RuleLevel::error;
}

} // namespace

void load_rules(LoadContext& context, const YamlNode& node) {
  for (const YamlNode::Entry* entry : free_entries(node, "rules", context.diagnostics)) {
    check_name(context, entry->key, entry->location, "rules");
    const std::string what = fmt::format("rule '{}'", entry->key);
    MapReader reader(entry->value, what, context.diagnostics);
    Rule rule;
    rule.name = entry->key;
    rule.location = entry->location;
    if (const YamlNode* level = reader.optional("level")) {
      rule.level = read_level(context, *level, what);
    }
    if (const YamlNode* reason = reader.required("reason")) {
      rule.reason = read_line(*reason, what + ": reason", context.diagnostics).value_or("?");
      if (rule.reason.empty()) {
        context.diagnostics.error("M002", reason->location, fmt::format("{}: reason: expected a text", what));
      }
    }
    if (const YamlNode* text = reader.optional("forbid_text")) {
      rule.forbidden = read_forbidden_text(context, *text, what + ": forbid_text");
    }
    if (const YamlNode* together = reader.optional("together")) {
      rule.together = read_together(context, *together, what + ": together");
    }
    if (rule.forbidden.has_value() == rule.together.has_value()) {
      context.diagnostics.error(rule.forbidden ? "M028" : "M004", entry->location,
                                fmt::format("{}: expected one of forbid_text and together", what));
    }
    reader.finish();
    context.matrix.rules.push_back(std::move(rule));
  }
}

} // namespace ctest_matrix
