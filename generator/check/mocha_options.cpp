#include "check/mocha_options.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "matrix/yaml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Of mocha's own places, in its order, the first that is there.
constexpr std::string_view k_readable[] = {".mocharc.yaml", ".mocharc.yml", ".mocharc.jsonc",
                                           ".mocharc.json"};
constexpr std::string_view k_programs[] = {".mocharc.cjs", ".mocharc.js", ".mocharc.mjs"};

/// What the command of a matrix says itself, or must not say.
constexpr std::string_view k_own[] = {
    "spec",  "reporter", "reporter-option", "reporter-options", "reporterOption", "reporterOptions", "grep",
    "fgrep", "invert",   "watch",           "parallel"};

/// YAML has JSON in it; comments of JSON would be none of YAML's.
std::string without_comments(const std::string& json) {
  std::string text;
  for (std::string line : split_lines(json)) {
    const std::string_view words = trim(line);
    text += words.starts_with("//") ? "" : replace_all(std::move(line), "\t", " ");
    text += '\n';
  }
  return text;
}

std::optional<YamlNode> configuration(const fs::path& directory, std::vector<std::string>& left_out) {
  for (const std::string_view name : k_programs) {
    const auto text = read_file(directory / name);
    if (text && text->find("spec") != std::string::npos) {
      left_out.push_back(fmt::format("the options of {}, a program: where it names test files (spec), mocha "
                                     "runs them beside each row's; "
                                     "say --no-config and its other options in the command then",
                                     name));
    }
    if (text) {
      return std::nullopt;
    }
  }
  Diagnostics ignored;
  for (const std::string_view name : k_readable) {
    if (const auto text = read_file(directory / name)) {
      return parse_yaml(std::string(name), name.ends_with("l") ? *text : without_comments(*text), ignored);
    }
  }
  const auto package = read_file(directory / "package.json");
  auto tree = package ? parse_yaml("package.json", without_comments(*package), ignored) : std::nullopt;
  const YamlNode* const own = tree ? tree->find("mocha") : nullptr;
  return own != nullptr ? std::optional(*own) : std::nullopt;
}

std::string option(const std::string& key, const YamlNode& value) {
  if (value.kind == YamlKind::scalar && !value.quoted &&
      (value.scalar == "true" || value.scalar == "false")) {
    return fmt::format("--{}{}", value.scalar == "true" ? "" : "no-", key);
  }
  return fmt::format("--{}={}", key, value.scalar);
}

} // namespace

std::string mocha_words(const fs::path& directory, std::vector<std::string>& left_out) {
  const auto own = configuration(directory, left_out);
  if (!own || own->find("spec") == nullptr) {
    return "";
  }
  std::string words = "--no-config, --no-package, ";
  for (const YamlNode::Entry& entry : own->entries) {
    if (std::ranges::find(k_own, entry.key) != std::end(k_own)) {
      continue;
    }
    if (entry.value.kind == YamlKind::scalar) {
      words += Json(option(entry.key, entry.value)).dump() + ", ";
    }
    for (const YamlNode& item : entry.value.items) {
      words += Json(option(entry.key, item)).dump() + ", ";
    }
  }
  return words;
}

} // namespace ctest_matrix
