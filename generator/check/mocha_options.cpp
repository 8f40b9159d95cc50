#include "check/mocha_options.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "matrix/yaml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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

/// The options beside `spec` of a configuration that names files of its own; nothing where it names none.
std::optional<std::vector<std::string>> options_beside_spec(const fs::path& directory,
                                                            std::vector<std::string>& left_out) {
  const auto own = configuration(directory, left_out);
  if (!own || own->find("spec") == nullptr) {
    return std::nullopt;
  }
  std::vector<std::string> options;
  for (const YamlNode::Entry& entry : own->entries) {
    if (std::ranges::find(k_own, entry.key) != std::end(k_own)) {
      continue;
    }
    if (entry.value.kind == YamlKind::scalar) {
      options.push_back(option(entry.key, entry.value));
    }
    for (const YamlNode& item : entry.value.items) {
      options.push_back(option(entry.key, item));
    }
  }
  return options;
}

} // namespace

std::string mocha_words(const fs::path& directory, std::vector<std::string>& left_out) {
  const auto options = options_beside_spec(directory, left_out);
  std::string words = options ? "--no-config, --no-package, " : "";
  for (const std::string& each : options.value_or(std::vector<std::string>())) {
    words += Json(each).dump() + ", ";
  }
  return words;
}

void check_mocha_options(const Plan& plan, SourceLocation place, Diagnostics& diagnostics) {
  if (plan.cells.empty()) {
    return;
  }
  const BoundCell cell = bind(plan.common, plan.cells.front());
  std::vector<std::string> words;
  std::ranges::transform(cell.command, std::back_inserter(words), &TextTemplate::source);
  const auto says = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
  const bool is_mocha = std::ranges::any_of(
      words, [](const std::string& word) { return word.find("mocha") != std::string::npos; });
  if (!is_mocha || !says("--no-config")) {
    return;
  }
  std::vector<std::string> unread;
  std::vector<std::string> missing =
      options_beside_spec(runner_directory(plan.common, cell), unread).value_or(std::vector<std::string>());
  std::erase_if(missing, says);
  if (!missing.empty()) {
    diagnostics.error(
        "M049", std::move(place),
        fmt::format("runner: command: it says --no-config, and not what mocha's configuration says "
                    "now: {}; expected that in the command, too",
                    join(missing, " ")));
  }
}

} // namespace ctest_matrix
