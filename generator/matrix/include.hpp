// Parts of a matrix that lie in files of their own: `include: [shared.yaml]`.
#pragma once

#include "base/diagnostics.hpp"
#include "base/result.hpp"
#include "matrix/yaml_tree.hpp"

#include <functional>
#include <string>

namespace ctest_matrix {

/// Reads a file that a matrix includes.
using ReadInclude = std::function<Result<std::string>(const std::string& path)>;

/// Takes `include` out of `root` and merges what the files say into it: maps key by key at every depth; for
/// everything else the including file wins, and an earlier file over a later one. Paths are relative to the
/// file that names them. Reports M026 for a file that cannot be read or includes itself, and what is wrong
/// with the YAML of a file.
void resolve_includes(YamlNode& root, const std::string& file, const ReadInclude& read,
                      Diagnostics& diagnostics);

} // namespace ctest_matrix
