// The Ninja file of the artifacts: one edge each, whose command carries the list of its inputs. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// An artifact with its globs expanded.
struct NinjaEdge {
  std::string name;
  std::vector<std::filesystem::path> inputs; ///< absolute
  std::vector<std::string> after;
  std::filesystem::path directory;
  std::vector<std::string> environment; ///< NAME=value
  std::vector<std::string> command;
};

/// The file that marks an artifact as built.
std::filesystem::path artifact_stamp(const std::filesystem::path& directory, const std::string& name);

/// The file that changes when what an artifact's outputs hold changes; whoever runs Ninja writes it. What
/// comes after the artifact depends on it: an artifact that was built again and is the same as before makes
/// nothing else old.
std::filesystem::path artifact_content(const std::filesystem::path& directory, const std::string& name);

/// `directory` holds the stamps and Ninja's own log. The expanded list of inputs is part of each command,
/// because Ninja alone takes no notice of an input that was removed or renamed.
std::string emit_ninja_file(const std::vector<NinjaEdge>& edges, const std::filesystem::path& directory);

} // namespace ctest_matrix
