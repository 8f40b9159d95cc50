// The section `services` of a matrix.
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace ctest_matrix {

namespace {

/// The ways in which a service can tell that it is ready; `health` has one of these keys.
constexpr std::pair<std::string_view, HealthKind> k_health_kinds[] = {
    {"url", HealthKind::http}, {"tcp", HealthKind::tcp}, {"log", HealthKind::log}};

constexpr int k_most_status = 599;
constexpr int k_most_instances = 1000;

constexpr std::pair<std::string_view, int> k_stop_signals[] = {{"TERM", SIGTERM}, {"INT", SIGINT},
                                                               {"QUIT", SIGQUIT}, {"HUP", SIGHUP},
                                                               {"USR1", SIGUSR1}, {"USR2", SIGUSR2}};

/// Reports settings that do not go together.
void contradiction(LoadContext& context, const YamlNode& node, std::string message) {
  context.diagnostics.error("M028", node.location, std::move(message));
}

const YamlNode* read_health_target(LoadContext& context, MapReader& reader, const YamlNode& node,
                                   const std::string& what, Health& health) {
  const YamlNode* target = nullptr;
  for (const auto& [key, kind] : k_health_kinds) {
    const YamlNode* value = reader.optional(key);
    if (value != nullptr && target != nullptr) {
      contradiction(context, *value, fmt::format("{}: expected only one of url, tcp and log", what));
    } else if (value != nullptr) {
      target = value;
      health.kind = kind;
    }
  }
  if (target == nullptr) {
    context.diagnostics.error("M004", node.location,
                              fmt::format("{}: missing key; expected one of url, tcp, log", what));
  }
  return target;
}

/// Only what no placeholder can make right.
void check_url(LoadContext& context, const YamlNode& node, const std::string& what, const Health& health) {
  const std::string url = health.target.source();
  if (health.kind == HealthKind::http && !url.starts_with("http://") && !url.starts_with('{')) {
    context.diagnostics.error("M007", node.location,
                              fmt::format("{}: expected http://HOST[:PORT][/PATH], got '{}'{}", what, url,
                                          url.starts_with("https://")
                                              ? "; of what speaks TLS, ask tcp: HOST:PORT or a line of its "
                                                "log: TEXT"
                                              : ""));
  }
}

Health read_health(LoadContext& context, const YamlNode& node, const std::string& what,
                   const std::vector<std::string>& valid) {
  Health result;
  const YamlNode* target = &node;
  if (node.kind == YamlKind::map) {
    MapReader reader(node, what, context.diagnostics);
    target = read_health_target(context, reader, node, what, result);
    for (const std::string_view key : {"status", "fields"}) {
      const YamlNode* setting = reader.optional(key);
      if (setting != nullptr && target != nullptr && result.kind != HealthKind::http) {
        contradiction(context, *setting, fmt::format("{}: {} goes only with url", what, key));
      }
    }
    result.status = reader.positive("status", result.status, k_most_status);
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
  if (target != nullptr) {
    if (auto text = read_template(*target, what, valid, context.diagnostics)) {
      result.target = std::move(*text);
      check_url(context, *target, what, result);
    }
  }
  return result;
}

int read_stop_signal(LoadContext& context, const YamlNode& node, const std::string& what) {
  std::vector<std::string> names;
  for (const auto& [name, signal] : k_stop_signals) {
    if (node.scalar == name) {
      return signal;
    }
    names.emplace_back(name);
  }
  context.diagnostics.error(
      "M007", node.location,
      fmt::format("{}: unknown signal {}{}", what, describe(node), suggestion(node.scalar, names)));
  return SIGTERM;
}

/// The ports become placeholders, {engine.port.guard}.
void check_ports(LoadContext& context, const YamlNode& service, const std::string& what,
                 const std::vector<std::string>& ports) {
  for (auto port = ports.begin(); port != ports.end(); ++port) {
    const SourceLocation& at = service.find("ports")->location;
    check_name(context, *port, at, what + ": ports");
    if (std::find(ports.begin(), port, *port) != port) {
      context.diagnostics.error("M018", at, fmt::format("{}: the port '{}' is there twice", what, *port));
    }
  }
}

void check_pool(LoadContext& context, const YamlNode& instances, const std::string& what,
                const Service& service) {
  if (service.instances == 1) {
    return;
  }
  if (service.ports.empty()) {
    contradiction(context, instances,
                  fmt::format("{}: instances need ports of their own; expected ports: [name, …]", what));
  }
  if (!context.matrix.parallel) {
    contradiction(context, instances,
                  fmt::format("{}: one cell at a time needs one instance; expected parallel: true", what));
  }
}

/// Whether one of another checkout is used whatever it was built from.
bool borrows_any(LoadContext& context, MapReader& reader, const std::string& what) {
  const YamlNode* const borrow = reader.optional("borrow");
  if (borrow != nullptr && borrow->scalar != "any" && borrow->scalar != "same") {
    context.diagnostics.error(
        "M007", borrow->location,
        fmt::format("{}: borrow: expected same or any, got {}", what, describe(*borrow)));
  }
  return borrow != nullptr && borrow->scalar == "any";
}

/// What the names of a service's placeholders keep the axes from being called.
void check_axes(LoadContext& context, const std::string& what, const std::vector<std::string>& placeholders) {
  for (const std::string& placeholder : placeholders) {
    if (const Axis* axis = context.matrix.find_axis(placeholder)) {
      context.diagnostics.error(
          "M029", axis->location,
          fmt::format("axes: no axis can be called '{}': {{{}}} is the {}'s", axis->name, axis->name, what));
    }
  }
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
    check_ports(context, entry->value, what, service.ports);
    std::vector<std::string> valid = root_placeholders();
    valid.insert(valid.end(), {entry->key + ".dir", entry->key + ".instance"});
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
    if (const YamlNode* stop = reader.optional("stop")) {
      service.stop_signal = read_stop_signal(context, *stop, what + ": stop");
    }
    service.grace = reader.duration("grace", service.grace);
    service.linger = reader.duration("linger", service.linger);
    service.borrow_any = borrows_any(context, reader, what);
    service.restart = reader.flag("restart", false);
    service.instances = reader.positive("instances", 1, k_most_instances);
    if (const YamlNode* instances = reader.optional("instances")) {
      check_pool(context, *instances, what, service);
    }
    reader.finish();
    check_axes(context, what, valid);
    context.service_placeholders.insert(
        context.service_placeholders.end(),
        valid.begin() + static_cast<std::ptrdiff_t>(root_placeholders().size()), valid.end());
    context.matrix.services.push_back(std::move(service));
  }
}

} // namespace ctest_matrix
