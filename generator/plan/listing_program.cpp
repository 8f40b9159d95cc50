#include "plan/listing_program.hpp"

#include "base/glob.hpp"

#include <algorithm>
#include <string>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

std::optional<ListingProgram> listing_program(const CommonPlan& common, const BoundCell& cell) {
  if (!common.listing || cell.list_command.empty()) {
    return std::nullopt;
  }
  const auto word = cell.list_command.front().render([](std::string_view) { return std::nullopt; });
  if (!word || word->find('/') == std::string::npos) {
    return std::nullopt; // of the machine
  }
  const fs::path path = (runner_directory(common, cell) / *word).lexically_normal();
  const std::string below_root = path.lexically_relative(common.places.root).generic_string();
  for (const Artifact& artifact : common.artifacts) {
    const bool is_own = std::ranges::count(cell.variant->artifacts, artifact.name) > 0;
    if (is_own && std::ranges::any_of(artifact.outputs, [&](const std::string& pattern) {
          return glob_match(pattern, below_root);
        })) {
      return ListingProgram{.path = path, .artifact = &artifact};
    }
  }
  return std::nullopt;
}

bool is_unbuilt(const CommonPlan& common, const ListingProgram& program) {
  std::error_code ignored;
  return !fs::exists(program.path, ignored) && glob(common.places.root, program.artifact->outputs).empty();
}

} // namespace ctest_matrix
