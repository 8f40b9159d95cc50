#include "base/without_word.hpp"

#include <cstddef>

namespace ctest_matrix {

namespace {

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace

std::string without_word(std::string text, std::string_view word, std::string_view placeholder) {
  for (std::size_t at = text.find(word); !word.empty() && at != std::string::npos;) {
    const std::size_t end = at + word.size();
    const bool stands_alone =
        (at == 0 || !is_of_word(text[at - 1])) && (end == text.size() || !is_of_word(text[end]));
    if (stands_alone) {
      text.replace(at, word.size(), placeholder);
    }
    at = text.find(word, stands_alone ? at + placeholder.size() : end);
  }
  return text;
}

} // namespace ctest_matrix
