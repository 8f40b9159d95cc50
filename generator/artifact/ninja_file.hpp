// The Ninja file of the artifacts: one edge each. All paths in it are relative to the directory that it lies
// in, and made of the artifacts' names, so that no path of the checkout has to be written in Ninja's
// language. Pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

struct NinjaEdge {
  std::string name;
  std::vector<std::string> after;
  std::string basis; ///< another one where the artifact has to be built although no file is newer
};

/// The file that marks an artifact as built.
std::filesystem::path artifact_stamp(const std::filesystem::path& directory, const std::string& name);

/// The file that changes when what an artifact's outputs hold changes; whoever runs Ninja writes it. What
/// comes after the artifact depends on it: an artifact that was built again and is the same as before makes
/// nothing else old.
std::filesystem::path artifact_content(const std::filesystem::path& directory, const std::string& name);

/// The files that an artifact is made of, with what tells that one has changed; whoever runs Ninja writes it.
std::filesystem::path artifact_files(const std::filesystem::path& directory, const std::string& name);

/// The shell script that builds an artifact; whoever runs Ninja writes it.
std::filesystem::path artifact_script(const std::filesystem::path& directory, const std::string& name);

/// `directory` holds all of these files and Ninja's own log; it is relative to that of the Ninja file.
std::string emit_ninja_file(const std::vector<NinjaEdge>& edges, const std::filesystem::path& directory);

} // namespace ctest_matrix
