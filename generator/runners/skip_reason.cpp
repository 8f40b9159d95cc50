#include "runners/skip_reason.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_reason = 200; // bytes

/// `/shop/a_test.cc:12`, as GoogleTest begins a message.
bool is_place(std::string_view line) {
  const std::size_t colon = line.rfind(':');
  return colon != std::string_view::npos && colon + 1 < line.size() &&
         line.substr(0, colon).find('.') != std::string_view::npos &&
         line.find(' ') == std::string_view::npos &&
         line.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

} // namespace

std::string skip_reason(std::string_view text) {
  for (const std::string& line : split_lines(clean_text(text))) {
    const std::string_view said = trim(line);
    if (!said.empty() && !is_place(said)) {
      return said == "true" ? "" : ellipsis(said, k_longest_reason);
    }
  }
  return "";
}

std::string module_skip_reason(std::string_view text) {
  constexpr std::string_view k_word = "Skipped: ";
  const std::size_t begin = text.find(k_word);
  const std::string_view tuple = trim(text);
  if (begin == std::string_view::npos || !tuple.starts_with('(') || !tuple.ends_with(')')) {
    return skip_reason(text);
  }
  const std::string_view rest = trim(text.substr(begin + k_word.size()));
  return skip_reason(rest.substr(0, rest.find_last_of("'\"")));
}

} // namespace ctest_matrix
