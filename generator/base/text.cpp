#include "base/text.hpp"

#include "base/cut.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace ctest_matrix {

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    lines.emplace_back(line);
    if (end == std::string_view::npos) {
      break;
    }
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> list_parts(std::string_view list) {
  std::vector<std::string> parts = split(replace_all(std::string(list), ",", ";"), ';');
  std::erase(parts, "");
  return parts;
}

void sort_unique(std::vector<std::string>& texts) {
  if (!std::ranges::is_sorted(texts)) {
    std::ranges::sort(texts);
  }
  const auto twice = std::ranges::unique(texts);
  texts.erase(twice.begin(), twice.end());
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    text.append(&part == parts.data() ? "" : separator).append(part);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view k_space = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(k_space);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(k_space) - first + 1);
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  std::string replaced;
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    replaced.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  return begin == 0 ? text : replaced.append(text, begin);
}

std::string escape_regex(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view(R"(\^$.|?*+()[]{})").find(c) != std::string_view::npos) {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

std::string shell_quote(std::string_view text) {
  constexpr std::string_view k_plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,";
  if (!text.empty() && text.find_first_not_of(k_plain) == std::string_view::npos) {
    return std::string(text);
  }
  return fmt::format("'{}'", replace_all(std::string(text), "'", R"('\'')"));
}

std::string shell_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const std::string& argument : argv) {
    line += (line.empty() ? "" : " ") + shell_quote(argument);
  }
  return line;
}

std::string strip_ansi(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b') {
      plain += text[i];
      continue;
    }
    const char kind = i + 1 < text.size() ? text[i + 1] : '\0';
    if (kind == '[') {
      i += 2;
      while (i < text.size() && (text[i] < '@' || text[i] > '~')) {
        ++i;
      }
    } else if (kind == ']') {
      i += 2;
      while (i < text.size() && text[i] != '\a' &&
             !(text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '\\')) {
        ++i;
      }
      i += i < text.size() && text[i] == '\x1b' ? 1 : 0;
    } else {
      ++i;
    }
  }
  return plain;
}

std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return tail(1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) > 0x8F;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_dropped(char32_t character) {
  const bool control = character < U' ' && character != U'\t' && character != U'\n';
  return control || (character >= U'\x7f' && character < U'\xa0'); // to terminals, those of 8 bits are, too
}

std::string printable(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      clean += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    const auto front = static_cast<unsigned char>(text.front());
    const auto second = static_cast<unsigned char>(length > 1 ? text[1] : '\0');
    const char32_t character = length == 1 ? front : front == 0xc2 ? second : U'x'; // U+0080 to U+00BF
    if (!is_dropped(character)) {
      clean += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return clean;
}

std::string line_breaker(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (length == 0) {
      return "a byte that is no UTF-8";
    }
    if (length == 1 && (byte(0) < 0x20 || byte(0) == 0x7F)) {
      return fmt::format("U+{:04X}", byte(0));
    }
    if (length == 2 && byte(0) == 0xC2 && byte(1) < 0xA0) {
      return fmt::format("U+{:04X}", byte(1));
    }
    if (text.starts_with("\u2028") || text.starts_with("\u2029")) {
      return fmt::format("U+{}", text.starts_with("\u2028") ? "2028" : "2029");
    }
    text.remove_prefix(length);
  }
  return "";
}

std::string ellipsis(std::string_view text, std::size_t limit) {
  const std::string valid = valid_utf8(first_bytes(text, limit));
  return text.size() > limit ? std::string(first_bytes(valid, limit)) + "…" : valid;
}

std::vector<std::string> last_lines(std::string_view text, std::size_t count) {
  std::vector<std::string> lines = split_lines(printable(strip_ansi(text)));
  std::erase_if(lines, [](const std::string& line) { return trim(line).empty(); });
  if (lines.size() > count) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  }
  return lines;
}

std::string plural(std::size_t count, std::string_view noun) {
  if (count == 1) {
    return fmt::format("1 {}", noun);
  }
  if (noun.ends_with("ry")) {
    return fmt::format("{} {}ies", count, noun.substr(0, noun.size() - 1));
  }
  const bool hisses = noun.ends_with('s') || noun.ends_with('x');
  return fmt::format("{} {}{}", count, noun, hisses ? "es" : "s");
}

std::string fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return fmt::format("{:016x}", hash);
}

} // namespace ctest_matrix
