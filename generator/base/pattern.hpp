// Text that is searched for in lines: a POSIX extended regular expression, bounded so that no file and no
// pattern takes time or memory without end.
//
// The C library searches: it keeps sets of states instead of trying one way after the other, and its stack
// does not grow with the line, which cannot be said of std::regex. It knows \b \B \< \> \w \W \s \S besides;
// \d \D \t are translated for it. What would mean something else than in other languages, or would have no
// bound, is refused. Bytes are compared: there is no locale.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Where a pattern was found in a line, in bytes.
struct PatternMatch {
  std::size_t offset = 0;
  std::size_t length = 0;

  bool operator==(const PatternMatch&) const = default;
};

class Pattern {
public:
  /// What is wrong with a pattern, and at which byte of it.
  struct Problem {
    std::string message;
    std::size_t offset = 0;
  };

  /// The longest line, in bytes, that is searched.
  static constexpr std::size_t k_longest_line = 10'000;

  /// The pattern, or what is wrong with it in `problem`.
  static std::optional<Pattern> parse(const std::string& text, Problem& problem);

  /// False: it is nowhere in the text, of whatever length that is. True says nothing.
  bool may_be_in(std::string_view text) const;

  /// Its first match in a line of at most `k_longest_line` bytes.
  std::optional<PatternMatch> find(std::string_view line) const;

  /// Texts of which each match has one; none: that is not known.
  const std::vector<std::string>& literals() const { return m_literals; }

private:
  struct Compiled;

  std::shared_ptr<const Compiled> m_compiled;
  std::vector<std::string> m_literals;
};

} // namespace ctest_matrix
