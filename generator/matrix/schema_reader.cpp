#include "matrix/schema_reader.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace ctest_matrix {

namespace {

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

void wrong_type(const YamlNode& node, std::string_view what, std::string_view expected,
                Diagnostics& diagnostics) {
  diagnostics.error("M002", node.location,
                    fmt::format("{}: expected {}, got {}", what, expected, describe(node)));
}

} // namespace

MapReader::MapReader(const YamlNode& node, std::string what, Diagnostics& diagnostics)
    : m_node(node), m_what(std::move(what)), m_diagnostics(diagnostics) {
  if (node.kind != YamlKind::map) {
    wrong_type(node, m_what, "a map", diagnostics);
  } else {
    free_entries(node, m_what, diagnostics);
  }
}

const YamlNode* MapReader::optional(std::string_view key) {
  if (std::find(m_known.begin(), m_known.end(), key) == m_known.end()) {
    m_known.emplace_back(key);
  }
  return m_node.find(key);
}

const YamlNode* MapReader::required(std::string_view key) {
  const YamlNode* value = optional(key);
  if (value == nullptr && m_node.kind == YamlKind::map) {
    m_diagnostics.error("M004", m_node.location, fmt::format("{}: the key '{}' is missing", m_what, key));
  }
  return value;
}

std::string MapReader::text(std::string_view key, std::string fallback) {
  const YamlNode* value = optional(key);
  return value == nullptr
             ? fallback
             : read_text(*value, fmt::format("{}: {}", m_what, key), m_diagnostics).value_or(fallback);
}

std::string MapReader::required_text(std::string_view key) {
  const YamlNode* value = required(key);
  return value == nullptr ? ""
                          : read_text(*value, fmt::format("{}: {}", m_what, key), m_diagnostics).value_or("");
}

bool MapReader::flag(std::string_view key, bool fallback) {
  const YamlNode* value = optional(key);
  return value == nullptr
             ? fallback
             : read_flag(*value, fmt::format("{}: {}", m_what, key), m_diagnostics).value_or(fallback);
}

std::string MapReader::line(std::string_view key, std::string fallback) {
  const YamlNode* value = optional(key);
  return value == nullptr
             ? fallback
             : read_line(*value, fmt::format("{}: {}", m_what, key), m_diagnostics).value_or(fallback);
}

int MapReader::positive(std::string_view key, int fallback, int most) {
  const YamlNode* value = optional(key);
  return value == nullptr ? fallback
                          : read_positive(*value, fmt::format("{}: {}", m_what, key), m_diagnostics, most)
                                .value_or(fallback);
}

Milliseconds MapReader::duration(std::string_view key, Milliseconds fallback) {
  const YamlNode* value = optional(key);
  return value == nullptr
             ? fallback
             : read_duration(*value, fmt::format("{}: {}", m_what, key), m_diagnostics).value_or(fallback);
}

std::vector<std::string> MapReader::texts(std::string_view key) {
  const YamlNode* value = optional(key);
  return value == nullptr ? std::vector<std::string>()
                          : read_texts(*value, fmt::format("{}: {}", m_what, key), m_diagnostics);
}

void MapReader::finish() {
  for (const YamlNode::Entry& entry : m_node.entries) {
    if (std::find(m_known.begin(), m_known.end(), entry.key) == m_known.end()) {
      m_diagnostics.error(
          "M003", entry.location,
          fmt::format("{}: unknown key '{}'{}", m_what, entry.key, suggestion(entry.key, m_known)));
    }
  }
}

std::vector<const YamlNode::Entry*> free_entries(const YamlNode& node, std::string_view what,
                                                 Diagnostics& diagnostics) {
  std::vector<const YamlNode::Entry*> entries;
  if (node.kind != YamlKind::map) {
    if (node.kind != YamlKind::null) {
      wrong_type(node, what, "a map", diagnostics);
    }
    return entries;
  }
  for (const YamlNode::Entry& entry : node.entries) {
    const auto earlier = std::find_if(entries.begin(), entries.end(),
                                      [&](const YamlNode::Entry* other) { return other->key == entry.key; });
    if (earlier == entries.end()) {
      entries.push_back(&entry);
      continue;
    }
    diagnostics.error("M005", entry.location,
                      fmt::format("{}: the key '{}' is there twice", what, entry.key));
    diagnostics.note((*earlier)->location, "the first one is here");
  }
  return entries;
}

std::optional<std::string> read_text(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  if (node.kind != YamlKind::scalar) {
    wrong_type(node, what, "a text", diagnostics);
    return std::nullopt;
  }
  return node.scalar;
}

std::optional<std::string> read_line(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  auto text = read_text(node, what, diagnostics);
  if (!text) {
    return std::nullopt;
  }
  text = trim(*text); // a folded text ends in a newline
  if (const std::string breaker = line_breaker(*text); !breaker.empty()) {
    diagnostics.error("M040", node.location,
                      fmt::format("{}: expected a text of one line, got one with {} in it", what, breaker));
    return std::nullopt;
  }
  return text;
}

std::vector<std::string> read_texts(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  std::vector<std::string> texts;
  if (node.kind == YamlKind::scalar) {
    texts.push_back(node.scalar);
  } else if (node.kind == YamlKind::sequence) {
    for (const YamlNode& item : node.items) {
      if (auto text = read_text(item, what, diagnostics)) {
        texts.push_back(std::move(*text));
      }
    }
  } else {
    wrong_type(node, what, "a text or a list of texts", diagnostics);
  }
  return texts;
}

std::optional<int> read_positive(const YamlNode& node, std::string_view what, Diagnostics& diagnostics,
                                 int most) {
  int value = 0;
  if (node.kind == YamlKind::scalar && !node.quoted) {
    const char* last = node.scalar.data() + node.scalar.size();
    const auto [end, error] = std::from_chars(node.scalar.data(), last, value);
    if (error == std::errc() && end == last && value > 0 && value <= most) {
      return value;
    }
  }
  diagnostics.error(
      "M011", node.location,
      fmt::format("{}: expected a whole number from 1 to {}, got {}", what, most, describe(node)));
  return std::nullopt;
}

std::optional<bool> read_flag(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  if (node.kind == YamlKind::scalar && !node.quoted && (node.scalar == "true" || node.scalar == "false")) {
    return node.scalar == "true";
  }
  wrong_type(node, what, "true or false", diagnostics);
  return std::nullopt;
}

double read_factor(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  const auto number = node.kind == YamlKind::scalar ? parse_number(node.scalar) : std::nullopt;
  if (!number || *number <= 0 || *number > 100) {
    diagnostics.error(
        "M011", node.location,
        fmt::format("{}: expected a factor above 0 and up to 100, got {}", what, describe(node)));
    return 1;
  }
  return *number;
}

std::optional<Milliseconds> read_duration(const YamlNode& node, std::string_view what,
                                          Diagnostics& diagnostics) {
  constexpr std::pair<std::string_view, double> k_units[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  if (node.kind == YamlKind::scalar) {
    std::string_view text = node.scalar;
    double unit = 1000;
    for (const auto& [suffix, milliseconds] : k_units) {
      if (text.ends_with(suffix)) {
        text.remove_suffix(suffix.size());
        unit = milliseconds;
        break;
      }
    }
    const auto number = parse_number(text);
    if (number && *number >= 0 && *number * unit <= 7 * 24 * 3'600'000.0) {
      return Milliseconds(static_cast<long long>(*number * unit + 0.5));
    }
  }
  diagnostics.error("M011", node.location,
                    fmt::format("{}: expected seconds, or a number with ms, s, m or h, up to a week, got {}",
                                what, describe(node)));
  return std::nullopt;
}

std::optional<TextTemplate> read_template(const YamlNode& node, std::string_view what,
                                          const std::vector<std::string>& valid, Diagnostics& diagnostics) {
  const auto text = read_text(node, what, diagnostics);
  if (!text) {
    return std::nullopt;
  }
  const auto place = [&](std::size_t offset, std::size_t length) {
    SourceLocation at = node.location;
    at.column += static_cast<int>(offset) + (node.quoted ? 1 : 0);
    at.length = static_cast<int>(length);
    return at;
  };
  TextTemplate::Problem problem;
  auto result = TextTemplate::parse(*text, problem);
  if (!result) {
    diagnostics.error("M010", place(problem.offset, 1), fmt::format("{}: {}", what, problem.message));
    return std::nullopt;
  }
  for (const auto& [name, offset] : result->placeholders()) {
    // What the runner is started with can have the programs of CMake's targets.
    const bool is_of_runner =
        std::ranges::find(valid, "report") != valid.end() || std::ranges::find(valid, "list") != valid.end();
    const bool is_outside = name.starts_with("env.") || (is_of_runner && name.starts_with("target."));
    if (!is_outside && std::find(valid.begin(), valid.end(), name) == valid.end()) {
      diagnostics.error("M009", place(offset, name.size() + 2),
                        fmt::format("{}: unknown placeholder {{{}}}{}", what, name, suggestion(name, valid)));
    }
  }
  return result;
}

std::vector<TextTemplate> read_command(const YamlNode& node, std::string_view what,
                                       const std::vector<std::string>& valid, Diagnostics& diagnostics) {
  std::vector<TextTemplate> command;
  if (node.kind != YamlKind::sequence || node.items.empty()) {
    diagnostics.error("M002", node.location,
                      fmt::format("{}: expected a list of arguments such as [pnpm, test], got {}", what,
                                  node.kind == YamlKind::sequence ? "an empty one" : describe(node)));
    return command;
  }
  for (const YamlNode& item : node.items) {
    if (auto argument = read_template(item, what, valid, diagnostics)) {
      command.push_back(std::move(*argument));
    }
  }
  return command;
}

} // namespace ctest_matrix
