#include "artifact/build_files.hpp"

#include "base/content.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"
#include "plan/build_reads.hpp"
#include "plan/worktree.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

fs::path artifacts_directory(const CommonPlan& common) {
  return common.places.state / "artifacts";
}

fs::path artifacts_ninja(const CommonPlan& common) {
  return common.places.state / "artifacts.ninja";
}

namespace {

/// What `sh` runs for an artifact.
std::string script_of(const CommonPlan& common, const Artifact& artifact) {
  const TextTemplate::Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    if (auto known = root_value(common.places.root, name)) {
      return known;
    }
    const char* value = name.starts_with("env.") ? std::getenv(std::string(name.substr(4)).c_str()) : nullptr;
    return value == nullptr ? "" : value;
  };
  std::vector<std::string> command;
  if (!artifact.environment.empty()) {
    command.emplace_back("env");
  }
  for (const auto& [name, value] : artifact.environment) {
    command.push_back(name + "=" + *value.render(lookup));
  }
  for (const TextTemplate& argument : artifact.command) {
    command.push_back(*argument.render(lookup));
  }
  const fs::path directory = (common.places.root / artifact.directory).lexically_normal();
  return fmt::format("cd {} && {}\n", shell_quote(directory.string()), shell_line(command));
}

/// What Ninja looks at: another text when an input has another content.
std::string inputs_text(const CommonPlan& common, const Artifact& artifact) {
  const auto known = read_file(built_from(common, artifact));
  const std::string state = content_state(common.places.root, inputs_of(artifact), known ? *known : "");
  std::string text;
  for (const auto& [file, content] : files_in(state)) {
    text.append(file).append(" ").append(content.fingerprint).append("\n");
  }
  return text;
}

} // namespace

fs::path built_from(const CommonPlan& common, const Artifact& artifact) {
  return artifacts_directory(common) / (artifact.name + ".inputs");
}

fs::path built_outputs(const CommonPlan& common, const Artifact& artifact) {
  return artifacts_directory(common) / (artifact.name + ".outputs");
}

Result<void> write_artifacts_ninja(const CommonPlan& common) {
  const fs::path directory = artifacts_directory(common);
  std::vector<NinjaEdge> edges;
  for (const Artifact& artifact : common.artifacts) {
    const std::string script = script_of(common, artifact);
    TRY(write_file_if_changed(artifact_script(directory, artifact.name), script));
    TRY(write_file_if_changed(artifact_files(directory, artifact.name), inputs_text(common, artifact)));
    const fs::path content = artifact_content(directory, artifact.name);
    std::error_code ignored;
    if (!fs::exists(content, ignored)) { // Ninja refuses what is not there and what nothing makes
      TRY(write_file_quickly(content, ""));
    }
    // Ninja does not notice that an input was removed or renamed.
    const std::string names = join(glob(common.places.root, inputs_of(artifact)), "\n");
    edges.push_back({.name = artifact.name, .after = artifact.after, .basis = fingerprint(script + names)});
  }
  return write_file_if_changed(artifacts_ninja(common), emit_ninja_file(edges, directory.filename()));
}

} // namespace ctest_matrix
