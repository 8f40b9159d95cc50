#include "runners/rspec_source.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <regex>

namespace ctest_matrix {

namespace {

/// The words of options; a line that begins with `#` is none.
std::vector<std::string> words_of(std::string_view options) {
  std::vector<std::string> words;
  for (const std::string& line : split_lines(options)) {
    if (!trim(line).starts_with('#')) {
      const auto more = split(std::string(trim(line)), ' ');
      words.insert(words.end(), more.begin(), more.end());
    }
  }
  return words;
}

} // namespace

int rspec_focused_line(std::string_view source) {
  static const std::regex k_focus(
      R"(\s*(RSpec\.)?(f(it|describe|context|specify|example|scenario|feature)\b\s*[("'A-Z]|focus\b\s*[("']).*|)"
      R"(\s*(RSpec\.)?(it|describe|context|specify|example|scenario|feature)\b.*(:focus\b|\bfocus:\s*true).*)");
  constexpr std::size_t k_longest = 400; // bytes: of a longer line no regular expression is asked
  int number = 0;
  for (const std::string& line : split_lines(source)) {
    ++number;
    if (line.find('f') != std::string::npos && line.size() <= k_longest && std::regex_match(line, k_focus)) {
      return number;
    }
  }
  return 0;
}

bool is_rspec_dry_run(std::string_view options) {
  const std::vector<std::string> words = words_of(options);
  return std::ranges::find(words, "--dry-run") != words.end();
}

std::vector<std::string> rspec_selection(std::string_view options) {
  constexpr std::string_view k_long[] = {"--tag",           "--example",      "--example-matches",
                                         "--only-failures", "--next-failure", "--exclude-pattern",
                                         "--pattern"};
  std::vector<std::string> selecting;
  for (const std::string& word : words_of(options)) {
    const std::string_view name = std::string_view(word).substr(0, word.find('='));
    const bool is_short = word.size() > 1 && word[0] == '-' &&
                          std::string_view("teEnP").find(word[1]) != std::string_view::npos;
    if (is_short || std::ranges::find(k_long, name) != std::end(k_long)) {
      selecting.push_back(word);
    }
  }
  return selecting;
}

} // namespace ctest_matrix
