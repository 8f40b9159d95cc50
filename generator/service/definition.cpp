#include "service/definition.hpp"

#include "base/content.hpp"
#include "base/text.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/environment.hpp"
#include "plan/worktree.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace ctest_matrix {

namespace fs = std::filesystem;

std::string service_definition(const CommonPlan& common, const Service& service) {
  const Health& health = service.health;
  std::string text = fmt::format("{}\n{}\n{}\n{}\n", service.directory, static_cast<int>(health.kind),
                                 health.target.source(), health.status);
  const TextTemplate::Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    if (auto value = root_value(common.places.root, name)) {
      return value;
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
  for (const Artifact* artifact : artifact_chain(common.artifacts, service.after)) {
    text += files_state(common.places.root, artifact->outputs);
  }
  return fingerprint(text);
}

} // namespace ctest_matrix
