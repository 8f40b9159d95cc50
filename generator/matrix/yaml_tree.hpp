// A YAML document as a tree of our own that keeps every place and every duplicate key; only yaml_tree.cpp
// knows yaml-cpp.
#pragma once

#include "base/diagnostics.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

enum class YamlKind { null, scalar, sequence, map };

/// One node; aliases are replaced by copies of what they name.
struct YamlNode {
  struct Entry;

  YamlKind kind = YamlKind::null;
  SourceLocation location;
  std::string scalar;          ///< of a scalar
  bool quoted = false;         ///< of a scalar: it cannot be a number or a boolean
  std::vector<YamlNode> items; ///< of a sequence
  std::vector<Entry> entries;  ///< of a map, in the order of the file, duplicates included

  /// The value of the first entry with this key, or null.
  const YamlNode* find(std::string_view key) const;
};

struct YamlNode::Entry {
  std::string key;
  SourceLocation location;
  YamlNode value;
};

/// Reads one document. Problems (not YAML, a key that is no plain text, more than one document) are reported
/// as M001; nothing is returned when there is no tree.
std::optional<YamlNode> parse_yaml(const std::string& file, const std::string& text,
                                   Diagnostics& diagnostics);

/// `a map`, `a list`, `'x'`, `nothing`, for "expected ..., got ...".
std::string describe(const YamlNode& node);

} // namespace ctest_matrix
