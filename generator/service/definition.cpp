#include "service/definition.hpp"

#include "base/content.hpp"
#include "base/text.hpp"
#include "plan/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// The artifacts that something comes after, and those that they come after.
void add_artifacts(const CommonPlan& common, const std::vector<std::string>& names,
                   std::vector<const Artifact*>& artifacts) {
  for (const Artifact& artifact : common.artifacts) {
    if (std::find(names.begin(), names.end(), artifact.name) != names.end()) {
      add_artifacts(common, artifact.after, artifacts);
      artifacts.push_back(&artifact);
    }
  }
}

} // namespace

std::string service_definition(const CommonPlan& common, const Service& service) {
  const Health& health = service.health;
  std::string text = fmt::format("{}\n{}\n{}\n{}\n", service.directory, static_cast<int>(health.kind),
                                 health.target.source(), health.status);
  const TextTemplate::Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "root") {
      return common.places.root.string();
    }
    return name.starts_with("env.") ? lookup_in({})(name) : fmt::format("{{{}}}", name);
  };
  for (const auto& [name, value] : health.fields) {
    text += fmt::format("{}={}\n", name, value);
  }
  for (const TextTemplate& argument : service.command) {
    text += *argument.render(lookup) + "\n";
  }
  for (const auto& [name, value] : service.environment) {
    text += fmt::format("{}={}\n", name, *value.render(lookup));
  }
  text += join(service.ports, " ") + "\n";
  std::error_code error;
  const fs::path program = common.places.root / service.directory / *service.command.front().render(lookup);
  if (const auto written = fs::last_write_time(program, error); !error) {
    text += fmt::format("{} {}\n", written.time_since_epoch().count(), fs::file_size(program, error));
  }
  std::vector<const Artifact*> artifacts;
  add_artifacts(common, service.after, artifacts);
  for (const Artifact* artifact : artifacts) {
    text += files_state(common.places.root, artifact->outputs);
  }
  return fingerprint(text);
}

} // namespace ctest_matrix
