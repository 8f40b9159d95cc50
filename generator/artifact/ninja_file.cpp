#include "artifact/ninja_file.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

fs::path artifact_stamp(const fs::path& directory, const std::string& name) {
  return directory / (name + ".stamp");
}

fs::path artifact_content(const fs::path& directory, const std::string& name) {
  return directory / (name + ".content");
}

fs::path artifact_files(const fs::path& directory, const std::string& name) {
  return directory / (name + ".files");
}

fs::path artifact_script(const fs::path& directory, const std::string& name) {
  return directory / (name + ".command");
}

std::string emit_ninja_file(const std::vector<NinjaEdge>& edges, const fs::path& directory) {
  std::string text = fmt::format("ninja_required_version = 1.5\n"
                                 "builddir = {}\n"
                                 "rule artifact\n"
                                 "  pool = console\n" // else Ninja keeps all output in memory
                                 "  command = sh {} && : inputs $basis && touch {}\n"
                                 "  description = artifact $name\n",
                                 directory.string(), artifact_script(directory, "$name").string(),
                                 artifact_stamp(directory, "$name").string());
  for (const NinjaEdge& edge : edges) {
    std::string after;
    std::string order;
    for (const std::string& other : edge.after) {
      after += (after.empty() ? " | " : " ") + artifact_content(directory, other).string();
      order += (order.empty() ? " || " : " ") + artifact_stamp(directory, other).string();
    }
    const std::string stamp = artifact_stamp(directory, edge.name).string();
    text += fmt::format("build {}: artifact {}{}{}\n"
                        "  name = {}\n"
                        "  basis = {}\n"
                        "build {}: phony {}\n",
                        stamp, artifact_files(directory, edge.name).string(), after, order, edge.name,
                        edge.basis, edge.name, stamp);
  }
  return text;
}

} // namespace ctest_matrix
