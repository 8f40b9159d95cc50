#include "base/cut.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_sequence = 4; // bytes

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

} // namespace

std::size_t cut_before(std::string_view text, std::size_t at) {
  if (at >= text.size()) {
    return text.size();
  }
  for (std::size_t begin = at;
       is_continuation(text[begin]) && begin > 0 && at - begin < k_longest_sequence;) {
    --begin;
    if (!is_continuation(text[begin])) {
      return utf8_length(text.substr(begin)) > at - begin ? begin : at;
    }
  }
  return at;
}

std::string_view first_bytes(std::string_view text, std::size_t limit) {
  return text.substr(0, cut_before(text, limit));
}

std::string_view last_bytes(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  const std::size_t at = text.size() - limit;
  const std::size_t begin = cut_before(text, at);
  return text.substr(begin == at ? at : begin + utf8_length(text.substr(begin)));
}

std::size_t rest_of_sequence(std::string_view before, std::string_view text) {
  std::size_t begun = 1;
  while (begun < k_longest_sequence && begun <= before.size() &&
         is_continuation(before[before.size() - begun])) {
    ++begun;
  }
  if (begun > before.size()) {
    return 0;
  }
  const auto first = static_cast<unsigned char>(before[before.size() - begun]);
  const std::size_t whole = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  std::size_t rest = 0;
  while (begun + rest < whole && rest < text.size() && is_continuation(text[rest])) {
    ++rest;
  }
  return rest;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      valid += "\uFFFD";
    } else {
      valid += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

} // namespace ctest_matrix
