#include "matrix/text_template.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

bool is_name(std::string_view text) {
  constexpr std::string_view k_allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !text.empty() && text.find_first_not_of(k_allowed) == std::string_view::npos &&
         (text.front() < '0' || text.front() > '9');
}

} // namespace

TextTemplate TextTemplate::literal(std::string text) {
  TextTemplate result;
  result.m_parts.push_back({std::move(text), false, 0});
  return result;
}

std::optional<TextTemplate> TextTemplate::parse(std::string_view text, Problem& problem) {
  TextTemplate result;
  std::string literal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      literal += c;
    } else if (i + 1 < text.size() && text[i + 1] == c) {
      literal += c;
      ++i;
    } else if (c == '}') {
      problem = {"a '}' without its '{'; write }} for a brace", i};
      return std::nullopt;
    } else {
      const std::size_t end = text.find('}', i);
      const std::string_view name = text.substr(i + 1, end == std::string_view::npos ? end : end - i - 1);
      if (end == std::string_view::npos || !is_name(name)) {
        problem = {"a '{' that begins no {placeholder}; write {{ for a brace", i};
        return std::nullopt;
      }
      if (!literal.empty()) {
        result.m_parts.push_back({std::move(literal), false, 0});
        literal.clear();
      }
      result.m_parts.push_back({std::string(name), true, i});
      i = end;
    }
  }
  if (!literal.empty()) {
    result.m_parts.push_back({std::move(literal), false, 0});
  }
  return result;
}

std::vector<std::pair<std::string, std::size_t>> TextTemplate::placeholders() const {
  std::vector<std::pair<std::string, std::size_t>> found;
  for (const Part& part : m_parts) {
    if (part.placeholder) {
      found.emplace_back(part.text, part.offset);
    }
  }
  return found;
}

TextTemplate TextTemplate::bind(const Lookup& lookup) const {
  TextTemplate bound = *this;
  for (Part& part : bound.m_parts) {
    if (part.placeholder) {
      if (auto value = lookup(part.text)) {
        part = {std::move(*value), false, 0};
      }
    }
  }
  return bound;
}

Result<std::string> TextTemplate::render(const Lookup& lookup) const {
  std::string text;
  for (const Part& part : m_parts) {
    if (!part.placeholder) {
      text += part.text;
    } else if (const auto value = lookup(part.text)) {
      text += *value;
    } else {
      return Error{ExitCode::internal, fmt::format("the placeholder {{{}}} has no value", part.text)};
    }
  }
  return text;
}

std::optional<std::vector<std::pair<std::string, std::string>>>
TextTemplate::match(std::string_view text) const {
  std::vector<std::pair<std::string, std::string>> values;
  for (auto part = m_parts.begin(); part != m_parts.end(); ++part) {
    if (!part->placeholder) {
      if (!text.starts_with(part->text)) {
        return std::nullopt;
      }
      text.remove_prefix(part->text.size());
      continue;
    }
    const auto next = part + 1;
    std::size_t length = text.size();
    if (next != m_parts.end() && next->placeholder) {
      length = 1;
    } else if (next != m_parts.end()) {
      const bool last = next + 1 == m_parts.end();
      length = last ? text.rfind(next->text) : text.find(next->text, 1);
    }
    if (length == std::string_view::npos || length == 0 || length > text.size()) {
      return std::nullopt;
    }
    values.emplace_back(part->text, text.substr(0, length));
    text.remove_prefix(length);
  }
  return text.empty() ? std::optional(std::move(values)) : std::nullopt;
}

std::string TextTemplate::source() const {
  std::string text;
  for (const Part& part : m_parts) {
    if (part.placeholder) {
      text.append("{").append(part.text).append("}");
      continue;
    }
    for (const char c : part.text) {
      text.append(c == '{' || c == '}' ? 2 : 1, c);
    }
  }
  return text;
}

} // namespace ctest_matrix
