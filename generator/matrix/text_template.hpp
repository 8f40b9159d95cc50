// Texts with {placeholders}: parsed once, bound step by step (at expansion, then when the cell runs).
#pragma once

#include "base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// A text in which `{name}` stands for a value; `{{` and `}}` are literal braces. A `{` that does not begin a
/// placeholder name (as in the regular expression `a{2}`) is an error at parse, so that no slip passes
/// silently.
class TextTemplate {
public:
  /// The value of a placeholder, or nothing when it is not known (yet).
  using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

  /// What is wrong with a template text, and at which byte of it.
  struct Problem {
    std::string message;
    std::size_t offset = 0;
  };

  TextTemplate() = default;
  static TextTemplate literal(std::string text);
  /// The template, or the problem with its text in `problem`.
  static std::optional<TextTemplate> parse(std::string_view text, Problem& problem);

  /// Every placeholder, in order, with the byte offset of its brace in the text that was parsed.
  std::vector<std::pair<std::string, std::size_t>> placeholders() const;

  /// The template with the known placeholders replaced by their values.
  TextTemplate bind(const Lookup& lookup) const;

  /// The text when every placeholder has a value. Error (internal): names the first that has none.
  Result<std::string> render(const Lookup& lookup) const;

  /// The values, in order, with which the template gives this text; each is as short as possible, and none
  /// is empty. Nothing when no values give it.
  std::optional<std::vector<std::pair<std::string, std::string>>> match(std::string_view text) const;

  /// The text that `parse` would read as this template.
  std::string source() const;

  bool operator==(const TextTemplate&) const = default;

private:
  struct Part {
    std::string text; ///< literal text, or the placeholder's name
    bool placeholder = false;
    std::size_t offset = 0;

    bool operator==(const Part&) const = default;
  };

  std::vector<Part> m_parts;
};

/// Variables of an environment and their values.
using Environment = std::vector<std::pair<std::string, TextTemplate>>;

} // namespace ctest_matrix
