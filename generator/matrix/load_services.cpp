#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

Health read_health(LoadContext& context, const YamlNode& node, const std::string& what,
                   const std::vector<std::string>& valid) {
  Health result;
  const YamlNode* url = &node;
  if (node.kind == YamlKind::map) {
    MapReader reader(node, what, context.diagnostics);
    url = reader.required("url");
    result.status = reader.positive("status", result.status);
    result.interval = reader.duration("interval", result.interval);
    result.timeout = reader.duration("timeout", result.timeout);
    if (const YamlNode* fields = reader.optional("fields")) {
      for (const YamlNode::Entry* field : free_entries(*fields, what + ": fields", context.diagnostics)) {
        result.fields.emplace_back(
            field->key, read_text(field->value, what + ": " + field->key, context.diagnostics).value_or(""));
      }
    }
    reader.finish();
  }
  if (url != nullptr) {
    result.url = read_template(*url, what, valid, context.diagnostics).value_or(TextTemplate());
  }
  return result;
}

} // namespace

void load_services(LoadContext& context, const YamlNode& node) {
  std::vector<std::string> artifacts;
  for (const Artifact& artifact : context.matrix.artifacts) {
    artifacts.push_back(artifact.name);
  }
  for (const YamlNode::Entry* entry : free_entries(node, "services", context.diagnostics)) {
    check_name(context, entry->key, entry->location, "services");
    const std::string what = fmt::format("service '{}'", entry->key);
    MapReader reader(entry->value, what, context.diagnostics);
    Service service;
    service.name = entry->key;
    service.location = entry->location;
    service.ports = reader.texts("ports");
    std::vector<std::string> valid{"root", entry->key + ".dir"};
    for (const std::string& port : service.ports) {
      valid.push_back(fmt::format("{}.port.{}", entry->key, port));
    }
    if (const YamlNode* when = reader.optional("for")) {
      service.when = read_assignment(context, *when, what + ": for");
    }
    service.directory = reader.text("directory", "");
    if (const YamlNode* command = reader.required("command")) {
      service.command = read_command(*command, what + ": command", valid, context.diagnostics);
    }
    if (const YamlNode* variables = reader.optional("environment")) {
      service.environment = read_environment(context, *variables, what + ": environment", valid);
    }
    if (const YamlNode* health = reader.required("health")) {
      service.health = read_health(context, *health, what + ": health", valid);
    }
    if (const YamlNode* after = reader.optional("after")) {
      service.after = artifact_names(context, *after, what, artifacts);
    }
    service.log = reader.text("log", "");
    service.grace = reader.duration("grace", service.grace);
    reader.finish();
    context.service_placeholders.insert(context.service_placeholders.end(), valid.begin() + 1, valid.end());
    context.matrix.services.push_back(std::move(service));
  }
}

} // namespace ctest_matrix
