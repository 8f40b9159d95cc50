// The section `artifacts` of a matrix.
#include "base/text.hpp"
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::vector<std::string> artifact_names(LoadContext& context, const YamlNode& node, const std::string& what,
                                        const std::vector<std::string>& known) {
  std::vector<std::string> names = read_texts(node, what + ": after", context.diagnostics);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      context.diagnostics.error("M023", node.location,
                                fmt::format("{}: after: '{}' is no artifact defined before{}", what, name,
                                            suggestion(name, known)));
    }
  }
  return names;
}

namespace {

/// Globs below the root (M045).
std::vector<std::string> read_depfiles(LoadContext& context, const YamlNode& node, const std::string& what) {
  std::vector<std::string> globs = read_texts(node, what + ": depfile", context.diagnostics);
  for (const std::string& glob : globs) {
    const auto parts = split(glob.starts_with('!') ? glob.substr(1) : glob, '/');
    if (parts.front().empty() || parts.front() == "~" || std::ranges::find(parts, "..") != parts.end()) {
      context.diagnostics.error(
          "M045", node.location,
          fmt::format("{}: depfile: expected a path or a glob below the root, got '{}'", what, glob));
    }
  }
  if (globs.empty() ||
      std::ranges::all_of(globs, [](const std::string& glob) { return glob.starts_with('!'); })) {
    context.diagnostics.error("M045", node.location,
                              fmt::format("{}: depfile: expected a path or a glob, got none", what));
  }
  return globs;
}

} // namespace

void load_artifacts(LoadContext& context, const YamlNode& node) {
  const auto entries = free_entries(node, "artifacts", context.diagnostics);
  std::vector<std::string> names;
  for (const YamlNode::Entry* entry : entries) {
    check_name(context, entry->key, entry->location, "artifacts");
    const std::string what = fmt::format("artifact '{}'", entry->key);
    MapReader reader(entry->value, what, context.diagnostics);
    Artifact artifact;
    artifact.name = entry->key;
    artifact.location = entry->location;
    if (const YamlNode* when = reader.optional("for")) {
      artifact.when = read_assignment(context, *when, what + ": for");
    }
    reader.required("inputs");
    artifact.inputs = reader.texts("inputs");
    reader.required("outputs");
    artifact.outputs = reader.texts("outputs");
    if (const YamlNode* depfile = reader.optional("depfile")) {
      artifact.depfiles = read_depfiles(context, *depfile, what);
    }
    artifact.directory = reader.text("directory", "");
    if (const YamlNode* command = reader.required("command")) {
      artifact.command = read_command(*command, what + ": command", root_placeholders(), context.diagnostics);
    }
    if (const YamlNode* variables = reader.optional("environment")) {
      artifact.environment =
          read_environment(context, *variables, what + ": environment", root_placeholders());
    }
    if (const YamlNode* after = reader.optional("after")) {
      artifact.after = artifact_names(context, *after, what, names);
    }
    artifact.timeout = reader.positive("timeout", artifact.timeout);
    reader.finish();
    names.push_back(entry->key);
    context.matrix.artifacts.push_back(std::move(artifact));
  }
}

} // namespace ctest_matrix
