#include "artifact/build_files.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

fs::path artifacts_directory(const CommonPlan& common) {
  return common.places.state / "artifacts";
}

fs::path artifacts_ninja(const CommonPlan& common) {
  return common.places.state / "artifacts.ninja";
}

Result<void> write_artifacts_ninja(const CommonPlan& common) {
  const TextTemplate::Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "root") {
      return common.places.root.string();
    }
    const char* value = name.starts_with("env.") ? std::getenv(std::string(name.substr(4)).c_str()) : nullptr;
    return value == nullptr ? "" : value;
  };
  std::vector<NinjaEdge> edges;
  for (const Artifact& artifact : common.artifacts) {
    NinjaEdge edge;
    edge.name = artifact.name;
    for (const std::string& input : glob(common.places.root, artifact.inputs)) {
      edge.inputs.push_back(common.places.root / input);
    }
    edge.after = artifact.after;
    edge.directory = (common.places.root / artifact.directory).lexically_normal();
    for (const auto& [name, value] : artifact.environment) {
      edge.environment.push_back(name + "=" + *value.render(lookup));
    }
    for (const TextTemplate& argument : artifact.command) {
      edge.command.push_back(*argument.render(lookup));
    }
    edges.push_back(std::move(edge));
  }
  for (const Artifact& artifact : common.artifacts) {
    const fs::path content = artifact_content(artifacts_directory(common), artifact.name);
    std::error_code ignored;
    if (!fs::exists(content, ignored)) { // Ninja refuses what is not there and what nothing makes
      TRY(write_file_quickly(content, ""));
    }
  }
  return write_file_if_changed(artifacts_ninja(common), emit_ninja_file(edges, artifacts_directory(common)));
}

} // namespace ctest_matrix
