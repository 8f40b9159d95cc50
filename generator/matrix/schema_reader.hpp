// Typed reading of YAML maps: every key is asked for by name, everything else is reported with the valid
// choices.
#pragma once

#include "base/clock.hpp"
#include "base/diagnostics.hpp"
#include "matrix/text_template.hpp"
#include "matrix/yaml_tree.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// A week: the longest time that a matrix can name.
inline constexpr int k_most_seconds = 7 * 24 * 3600;

/// Reads one map. `what` names it in messages ("runner", "row 'actor-conn'"). Reports M002 wrong type, M003
/// unknown key, M004 missing key, M005 duplicate key.
class MapReader {
public:
  MapReader(const YamlNode& node, std::string what, Diagnostics& diagnostics);

  /// The value of a key; null when the key is missing (reported by `required`).
  const YamlNode* optional(std::string_view key);
  const YamlNode* required(std::string_view key);

  std::string text(std::string_view key, std::string fallback);
  std::string required_text(std::string_view key);
  bool flag(std::string_view key, bool fallback);
  std::string line(std::string_view key, std::string fallback);
  int positive(std::string_view key, int fallback, int most = k_most_seconds);
  Milliseconds duration(std::string_view key, Milliseconds fallback);
  std::vector<std::string> texts(std::string_view key);

  /// Reports the keys that nobody asked for.
  void finish();

private:
  const YamlNode& m_node;
  std::string m_what;
  Diagnostics& m_diagnostics;
  std::vector<std::string> m_known;
};

/// The entries of a map whose keys the user chooses, without duplicates (M005).
std::vector<const YamlNode::Entry*> free_entries(const YamlNode& node, std::string_view what,
                                                 Diagnostics& diagnostics);

/// The plain text of a node, or nothing (M002).
std::optional<std::string> read_text(const YamlNode& node, std::string_view what, Diagnostics& diagnostics);

/// A text or a list of texts (M002).
std::vector<std::string> read_texts(const YamlNode& node, std::string_view what, Diagnostics& diagnostics);

/// A text that becomes a part of a line of a file, without the white space around it (M002, M040).
std::optional<std::string> read_line(const YamlNode& node, std::string_view what, Diagnostics& diagnostics);

/// A whole number from 1 to `most` (M011).
std::optional<int> read_positive(const YamlNode& node, std::string_view what, Diagnostics& diagnostics,
                                 int most = k_most_seconds);

/// true or false (M002).
std::optional<bool> read_flag(const YamlNode& node, std::string_view what, Diagnostics& diagnostics);

/// A factor above 0 and up to 100; 1 for anything else (M011).
double read_factor(const YamlNode& node, std::string_view what, Diagnostics& diagnostics);

/// Seconds as a number, or a number with the unit ms, s, m or h (M011).
std::optional<Milliseconds> read_duration(const YamlNode& node, std::string_view what,
                                          Diagnostics& diagnostics);

/// A text with placeholders that are all in `valid` or begin with `env.` (M009, M010).
std::optional<TextTemplate> read_template(const YamlNode& node, std::string_view what,
                                          const std::vector<std::string>& valid, Diagnostics& diagnostics);

/// A list of such texts that is not empty (M002).
std::vector<TextTemplate> read_command(const YamlNode& node, std::string_view what,
                                       const std::vector<std::string>& valid, Diagnostics& diagnostics);

} // namespace ctest_matrix
