#include "base/shell_words.hpp"

#include <cstddef>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_spaces = " \t\n";
constexpr std::string_view k_escaped_in_quotes = "\"\\$`"; // of what a backslash there takes the meaning

/// Adds what stands between quotes; `at` is the first one, and then the last. False: there is none.
bool add_quoted(std::string_view line, std::size_t& at, std::string& word) {
  const char quote = line[at];
  for (++at; at < line.size(); ++at) {
    const bool escapes = quote == '"' && line[at] == '\\' && at + 1 < line.size() &&
                         k_escaped_in_quotes.find(line[at + 1]) != std::string_view::npos;
    if (line[at] == quote) {
      return true;
    }
    at += escapes ? 1 : 0;
    word += line[at];
  }
  return false;
}

} // namespace

std::optional<std::vector<std::string>> shell_words(std::string_view line) {
  std::vector<std::string> words;
  std::optional<std::string> word; // an empty one is one, too: ''
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (k_spaces.find(c) != std::string_view::npos) {
      if (word) {
        words.push_back(*std::exchange(word, std::nullopt));
      }
      continue;
    }
    word = word ? std::move(word) : std::optional<std::string>("");
    if (c == '\'' || c == '"') {
      if (!add_quoted(line, at, *word)) {
        return std::nullopt;
      }
    } else {
      at += c == '\\' && at + 1 < line.size() ? 1 : 0;
      *word += line[at];
    }
  }
  if (word) {
    words.push_back(*std::move(word));
  }
  return words;
}

} // namespace ctest_matrix
