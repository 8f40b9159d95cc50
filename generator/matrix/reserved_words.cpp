#include "matrix/reserved_words.hpp"

#include "matrix/row.hpp"

#include <algorithm>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::pair<std::string_view, std::string_view> k_axis_words[] = {
    {"cell", "{cell} is the name of the cell"},
    {"column", "{column} is the column of the cell"},
    {"columns", "'columns' is a key of a profile"},
    {"file", "{file} is the row"},
    {"filter", "{filter} is what the runner is asked for"},
    {"list", "{list} is the file that a listing is written to"},
    {"path", "{path} is the test file"},
    {"progress", "'progress' is a key of a profile"},
    {"reason", "'reason' is a key of a combination that is forbidden"},
    {"report", "{report} is the file that the report is written to"},
    {"root", "{root} is the directory that paths are relative to"},
    {"suite", "{suite} is the description of the row"},
    {"test", "{test} is the test of a narrowed cell"},
    {"tmp", "{tmp} is a directory of the cell's own"},
    {"worktree", "{worktree} stands for the checkout"}};

constexpr std::string_view k_variables = "{env.NAME} is a variable of the environment";
constexpr std::string_view k_name = "{AXIS.name} is the name of an axis' value, {test.name} that of a test";
constexpr std::string_view k_id = "{test.id} is the id of a test";

} // namespace

std::string_view reserved_for_axes(std::string_view word) {
  if (word == "env" || word.starts_with("env.")) {
    return k_variables;
  }
  if (word.ends_with(".name") || word == "test.id") {
    return word == "test.id" ? k_id : k_name;
  }
  const auto* const found =
      std::ranges::find(k_axis_words, word, [](const auto& each) { return each.first; });
  return found == std::end(k_axis_words) ? "" : found->second;
}

std::vector<std::string> words_reserved_for_axes() {
  std::vector<std::string> words{"env"};
  for (const auto& [word, meaning] : k_axis_words) {
    words.emplace_back(word);
  }
  std::ranges::sort(words);
  return words;
}

std::vector<std::string> labels_of_ours() {
  return {"todo",
          "done",
          std::string(k_excluded),
          "preflight",
          std::string(k_share_label),
          std::string(k_selected_label)};
}

} // namespace ctest_matrix
