#include "base/pattern.hpp"

#include <fmt/format.h>

#include <regex.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_pattern = 1'000; // bytes
constexpr long k_most_repetitions = 1'000;       // of all {n,m} in one pattern, multiplied

constexpr std::string_view k_known_escapes = "bB<>wWsSdDt";

/// Reads a pattern once: what the library is given for it, and the texts that each match has one of.
class Reading {
public:
  explicit Reading(std::string_view text) : m_text(text) {}

  bool read(Pattern::Problem& problem) {
    while (m_at < m_text.size() && m_problem.message.empty()) {
      step();
    }
    end_branch();
    problem = m_problem;
    return m_problem.message.empty();
  }

  const std::string& translated() const { return m_translated; }

  /// None where a branch has none.
  std::vector<std::string> literals() && {
    const bool everywhere = std::ranges::none_of(m_literals, &std::string::empty);
    return everywhere ? std::move(m_literals) : std::vector<std::string>();
  }

private:
  void refuse(std::string message, std::size_t offset) {
    if (m_problem.message.empty()) {
      m_problem = {std::move(message), offset};
    }
  }

  void step() {
    const char c = m_text[m_at];
    if (c == '\\') {
      escape();
    } else if (c == '[') {
      bracket();
    } else if (c == '{') {
      repetition();
    } else {
      plain(c);
    }
  }

  void plain(char c) {
    m_translated += c;
    ++m_at;
    if (c == '(') {
      if (m_text.substr(m_at).starts_with('?')) {
        refuse("'(?' begins nothing in a POSIX extended regular expression", m_at - 1);
      }
      ++m_depth;
      break_run();
    } else if (c == ')') {
      m_depth -= m_depth > 0 ? 1 : 0;
      break_run();
    } else if (c == '|') {
      m_depth == 0 ? end_branch() : break_run();
    } else if (c == '*' || c == '?') {
      drop_last();
    } else if (c == '+' || c == '.' || c == '^' || c == '$') {
      break_run();
    } else {
      literal(c);
    }
  }

  void escape() {
    if (m_at + 1 == m_text.size()) {
      return refuse("a backslash with nothing behind it", m_at);
    }
    const char c = m_text[m_at + 1];
    if (c >= '1' && c <= '9') {
      return refuse("a back-reference, which can take time without bound", m_at);
    }
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 &&
        k_known_escapes.find(c) == std::string_view::npos) {
      return refuse(
          fmt::format("'\\{}' is not known; expected one of: \\b \\B \\< \\> \\w \\W \\s \\S \\d \\D \\t", c),
          m_at);
    }
    m_at += 2;
    if (c == 't') {
      m_translated += '\t';
      literal('\t');
    } else if (k_known_escapes.find(c) != std::string_view::npos) {
      m_translated += c == 'd' ? "[0-9]" : c == 'D' ? "[^0-9]" : std::string{'\\', c};
      break_run();
    } else {
      m_translated.append({'\\', c});
      literal(c);
    }
  }

  /// As POSIX has it: a backslash is itself, a ] stands for itself only in front.
  void bracket() {
    const std::size_t begin = m_at;
    std::size_t end = m_at + 1;
    end += m_text.substr(end).starts_with('^') ? 1 : 0;
    end += m_text.substr(end).starts_with(']') ? 1 : 0;
    for (; end < m_text.size() && m_text[end] != ']'; ++end) {
      if (m_text[end] == '\\') {
        return refuse("a backslash stands for itself between brackets; write [0-9] for [\\d], []] for [\\]], "
                      "and a character as it is for one that is escaped",
                      end);
      }
      if (m_text[end] == '[' && end + 1 < m_text.size() && std::strchr(":.=", m_text[end + 1]) != nullptr) {
        const std::size_t close = m_text.find(std::string{m_text[end + 1], ']'}, end + 2);
        end = close == std::string_view::npos ? m_text.size() - 1 : close + 1;
      }
    }
    if (end >= m_text.size()) {
      return refuse("a '[' without its ']'", begin);
    }
    m_translated += m_text.substr(begin, end + 1 - begin);
    m_at = end + 1;
    break_run();
  }

  /// {n}, {n,} and {n,m} of small numbers: the library unrolls them.
  void repetition() {
    const std::size_t end = m_text.find('}', m_at);
    if (end == std::string_view::npos) {
      return refuse("a '{' without its '}'; write \\{ for a brace", m_at);
    }
    long most = 0;
    long number = 0;
    for (const char c : m_text.substr(m_at + 1, end - m_at - 1)) {
      if (c != ',' && (c < '0' || c > '9')) {
        return refuse("a '{' that begins no repetition such as {2,5}; write \\{ for a brace", m_at);
      }
      number = c == ',' ? 0 : std::min(number * 10 + (c - '0'), k_most_repetitions + 1);
      most = std::max(most, number);
    }
    m_repetitions *= std::max(most, 1L);
    if (m_repetitions > k_most_repetitions) {
      return refuse(fmt::format("repetitions that come to more than {}", k_most_repetitions), m_at);
    }
    m_translated += m_text.substr(m_at, end + 1 - m_at);
    m_at = end + 1;
    drop_last();
  }

  void literal(char c) {
    if (m_depth == 0) {
      m_run += c;
    }
  }

  void break_run() {
    if (m_run.size() > m_longest.size()) {
      m_longest = m_run;
    }
    m_run.clear();
  }

  /// The character before may be left out.
  void drop_last() {
    if (!m_run.empty()) {
      m_run.pop_back();
    }
    break_run();
  }

  void end_branch() {
    break_run();
    m_literals.push_back(std::exchange(m_longest, ""));
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  int m_depth = 0;
  long m_repetitions = 1;
  std::string m_translated;
  std::string m_run;     ///< of characters that follow each other
  std::string m_longest; ///< of the branch
  std::vector<std::string> m_literals;
  Pattern::Problem m_problem;
};

} // namespace

struct Pattern::Compiled {
  regex_t regex{};
  bool is_compiled = false;

  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  ~Compiled() {
    if (is_compiled) {
      regfree(&regex);
    }
  }
};

std::optional<Pattern> Pattern::parse(const std::string& text, Problem& problem) {
  if (text.size() > k_longest_pattern) {
    problem = {fmt::format("a pattern of {} bytes; expected at most {}", text.size(), k_longest_pattern), 0};
    return std::nullopt;
  }
  if (text.find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos) {
    problem = {"a line break; lines are searched one by one", 0};
    return std::nullopt;
  }
  Reading reading(text);
  if (!reading.read(problem)) {
    return std::nullopt;
  }
  const auto compiled = std::make_shared<Compiled>();
  const int error = regcomp(&compiled->regex, reading.translated().c_str(), REG_EXTENDED);
  compiled->is_compiled = error == 0;
  if (error != 0) {
    std::array<char, 256> words{};
    regerror(error, &compiled->regex, words.data(), words.size());
    problem = {fmt::format("no POSIX extended regular expression: {}", words.data()), 0};
    return std::nullopt;
  }
  Pattern pattern;
  pattern.m_compiled = compiled;
  pattern.m_literals = std::move(reading).literals();
  if (pattern.find("")) {
    problem = {"it matches the empty text, and so every line", 0};
    return std::nullopt;
  }
  return pattern;
}

bool Pattern::may_be_in(std::string_view text) const {
  const auto is_there = [&](const std::string& literal) {
    return memmem(text.data(), text.size(), literal.data(), literal.size()) != nullptr;
  };
  return m_literals.empty() || std::ranges::any_of(m_literals, is_there);
}

std::optional<PatternMatch> Pattern::find(std::string_view line) const {
  if (!may_be_in(line)) {
    return std::nullopt;
  }
  std::string text(line);
  std::ranges::replace(text, '\0', '\1'); // which would end the line for the library
  regmatch_t match{};
  if (regexec(&m_compiled->regex, text.c_str(), 1, &match, 0) != 0) {
    return std::nullopt;
  }
  return PatternMatch{static_cast<std::size_t>(match.rm_so),
                      static_cast<std::size_t>(match.rm_eo - match.rm_so)};
}

} // namespace ctest_matrix
