#include "plan/targets.hpp"

#include "base/diagnostics.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_target = "target.";

/// What a build in C and C++ is made from: sources, headers, what CMake reads, and what code is made from.
/// Other files that a target needs are for an artifact of the matrix to name.
constexpr std::string_view k_inputs[] = {"**/*.[chCH]*", "**/CMakeLists.txt", "**/*.i[np]*", "**/*.[mst]pp",
                                         "**/*.proto"};

std::string path_below(const fs::path& root, const fs::path& path) {
  return path.lexically_relative(root).generic_string();
}

Artifact artifact_of(const Targets& targets, const std::string& name, const fs::path& program,
                     const fs::path& root) {
  Artifact artifact;
  artifact.name = name;
  const std::string source = path_below(root, targets.source);
  for (const std::string_view pattern : k_inputs) {
    artifact.inputs.push_back(source == "." ? std::string(pattern) : fmt::format("{}/{}", source, pattern));
  }
  artifact.inputs.push_back(fmt::format("!{}/**", path_below(root, targets.build)));
  artifact.outputs.push_back(path_below(root, program));
  std::vector<std::string> command{targets.cmake, "--build", targets.build.string(), "--target", name};
  if (!targets.config.empty()) {
    command.insert(command.end(), {"--config", targets.config});
  }
  std::ranges::transform(command, std::back_inserter(artifact.command), TextTemplate::literal);
  return artifact;
}

/// Puts programs in place of {target.…}, in every text of a matrix that can have it.
class Binder {
public:
  explicit Binder(const Targets& targets) : m_targets(targets) {}

  void bind(std::vector<TextTemplate>& command) {
    for (TextTemplate& argument : command) {
      argument = argument.bind([&](std::string_view name) { return program_of(name); });
    }
  }

  void bind(Environment& environment) {
    for (auto& [name, value] : environment) {
      value = value.bind([&](std::string_view placeholder) { return program_of(placeholder); });
    }
  }

  /// A target that there is not; empty: none was asked for.
  const std::string& unknown() const { return m_unknown; }

private:
  std::optional<std::string> program_of(std::string_view placeholder) {
    if (!placeholder.starts_with(k_target)) {
      return std::nullopt;
    }
    const std::string_view name = placeholder.substr(k_target.size());
    const auto found =
        std::ranges::find_if(m_targets.programs, [&](const auto& target) { return target.first == name; });
    if (found == m_targets.programs.end()) {
      m_unknown = name;
      return std::nullopt;
    }
    return found->second.string();
  }

  const Targets& m_targets;
  std::string m_unknown;
};

} // namespace

Result<Targets> parse_targets(std::string_view text) {
  Targets targets;
  for (const std::string& line : split_lines(text)) {
    const std::size_t space = line.find(' ');
    const std::string word = line.substr(0, space);
    const std::string value = space == std::string::npos ? "" : line.substr(space + 1);
    const std::size_t end = value.find(' ');
    if (word == "cmake") {
      targets.cmake = value;
    } else if (word == "build") {
      targets.build = value;
    } else if (word == "source") {
      targets.source = value;
    } else if (word == "config") {
      targets.config = value;
    } else if (word == "target" && end != std::string::npos) {
      targets.programs.emplace_back(value.substr(0, end), value.substr(end + 1));
    } else {
      return Error{ExitCode::input,
                   fmt::format("not what matrix_discover_tests says of its TARGETS: {}", line)};
    }
  }
  return targets;
}

Result<void> add_targets(Matrix& matrix, const Targets& targets, const fs::path& root) {
  for (const auto& [name, program] : targets.programs) {
    if (std::ranges::find(matrix.artifacts, name, &Artifact::name) != matrix.artifacts.end()) {
      return Error{
          ExitCode::input,
          fmt::format("{}: the target '{}' (TARGETS of matrix_discover_tests) is called like an artifact",
                      matrix.file, name)};
    }
    Artifact artifact = artifact_of(targets, name, program, root);
    artifact.location = {matrix.file, 1, 1};
    matrix.artifacts.push_back(std::move(artifact));
  }
  Binder binder(targets);
  binder.bind(matrix.runner.command);
  binder.bind(matrix.runner.environment);
  if (matrix.runner.listing) {
    binder.bind(matrix.runner.listing->command);
  }
  for (Axis& axis : matrix.axes) {
    for (ValueSettings& value : axis.settings) {
      binder.bind(value.command);
      binder.bind(value.environment);
    }
  }
  if (binder.unknown().empty()) {
    return {};
  }
  std::vector<std::string> names;
  std::ranges::transform(targets.programs, std::back_inserter(names),
                         [](const auto& target) { return target.first; });
  return Error{ExitCode::input,
               fmt::format("{}: no target '{}' is among the TARGETS of matrix_discover_tests{}", matrix.file,
                           binder.unknown(), names.empty() ? "" : suggestion(binder.unknown(), names))};
}

} // namespace ctest_matrix
