#include "base/depfile.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace ctest_matrix {

namespace {

/// Rules of make, one logical line after the other.
class Rules {
public:
  explicit Rules(std::string_view text) : m_text(text) {}

  Result<Dependencies> read() {
    while (m_at < m_text.size() && m_problem.empty()) {
      step();
    }
    if (m_problem.empty() && m_continued) {
      problem("the text ends in the middle of a rule");
    }
    end_of_line();
    if (m_problem.empty() && m_found.files.empty()) {
      problem("no rule names a file");
    }
    if (!m_problem.empty()) {
      return Error{ExitCode::input, m_problem};
    }
    return std::move(m_found);
  }

private:
  void problem(std::string_view what) {
    if (m_problem.empty()) {
      m_problem = fmt::format("line {}: {}", m_line, what);
    }
  }

  char at(std::size_t offset) const { return offset < m_text.size() ? m_text[offset] : '\n'; }

  bool is_end_of_line(std::size_t offset) const {
    return at(offset) == '\n' || (at(offset) == '\r' && at(offset + 1) == '\n');
  }

  bool is_blank(std::size_t offset) const { return at(offset) == ' ' || at(offset) == '\t'; }

  /// Whether nothing of a rule stands on this logical line yet.
  bool at_begin() const { return m_targets == 0 && !m_ruled && m_word.empty(); }

  void step() {
    const char c = m_text[m_at];
    if (c == '\0') {
      problem("expected text, got a NUL byte");
    } else if (c == '\\') {
      backslashes();
    } else if (c == '$') {
      m_word += c;
      m_at += at(m_at + 1) == '$' ? 2 : 1;
    } else if (is_end_of_line(m_at)) {
      end_of_line();
      m_at = std::min(m_text.find('\n', m_at), m_text.size() - 1) + 1;
      ++m_line;
      m_first_of_line = m_at;
    } else if (is_blank(m_at)) {
      if (c == '\t' && m_at == m_first_of_line && !is_end_of_line(m_at + 1)) {
        problem("expected a rule `target: files`, got a command");
      }
      end_of_word();
      ++m_at;
    } else if (c == '#' && at_begin()) {
      comment();
    } else if (c == ':' && !m_ruled && is_separator()) {
      m_at += at(m_at + 1) == ':' ? 2 : 1;
      end_of_word();
      if (m_targets == 0) {
        problem("expected a target before ':'");
      }
      m_ruled = true;
    } else {
      m_continued = false;
      m_word += c;
      ++m_at;
    }
  }

  /// Whether the colon here ends the targets: a colon within a name has something behind it.
  bool is_separator() const {
    const std::size_t behind = m_at + (at(m_at + 1) == ':' ? 2 : 1);
    return is_blank(behind) || is_end_of_line(behind) || (at(behind) == '\\' && is_end_of_line(behind + 1));
  }

  /// Backslashes escape what follows them, as gcc writes it: a space by one, with all before it doubled.
  void backslashes() {
    std::size_t end = m_at;
    while (end < m_text.size() && m_text[end] == '\\') {
      ++end;
    }
    const std::size_t count = end - m_at;
    m_continued = false;
    if (end < m_text.size() && is_end_of_line(end) && count % 2 == 1) {
      m_word.append(count - 1, '\\');
      end_of_word();
      m_at = m_text.find('\n', end) + 1;
      ++m_line;
      m_continued = true;
    } else if (is_blank(end) && count % 2 == 1) {
      m_word.append(count / 2, '\\');
      m_word += m_text[end];
      m_at = end + 1;
    } else if (at(end) == '#' || (at(end) == ':' && !is_blank(end + 1) && !is_end_of_line(end + 1))) {
      m_word.append(count - 1, '\\');
      m_word += m_text[end];
      m_at = end + 1;
    } else {
      m_word.append(count, '\\');
      m_at = end;
    }
  }

  /// A comment ends with its line: what follows may be a rule.
  void comment() { m_at = std::min(m_text.find('\n', m_at), m_text.size()); }

  void end_of_word() {
    if (m_word.empty()) {
      return;
    }
    if (!m_ruled) {
      ++m_targets;
    } else if (m_word != "|") { // files that only have to be there before are read, too
      if (m_found.files.size() == k_most_dependencies) {
        problem(fmt::format("expected at most {} files", k_most_dependencies));
      } else {
        m_found.files.push_back(std::move(m_word));
      }
    }
    m_word.clear();
  }

  void end_of_line() {
    end_of_word();
    if (m_targets > 0 && !m_ruled) {
      problem("expected a rule `target: files`, got no ':'");
    }
    m_targets = 0;
    m_ruled = false;
    m_continued = false;
  }

  std::string_view m_text;
  std::size_t m_at = 0;
  std::size_t m_first_of_line = 0; ///< of a logical line
  int m_line = 1;
  std::size_t m_targets = 0;
  bool m_ruled = false;     ///< the colon was there
  bool m_continued = false; ///< a backslash has promised more
  std::string m_word;
  std::string m_problem;
  Dependencies m_found;
};

/// Whether a name has the form `namespace:path` of what esbuild's plugins make up, `(disabled):path` among
/// them.
bool has_namespace(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::ranges::all_of(name.substr(0, colon), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '(' || c == ')' || c == '.';
         });
}

Result<Dependencies> read_metafile(std::string_view text) {
  TRY_ASSIGN(const Json json, parse_json(text));
  const Json* inputs = json.find("inputs");
  if (inputs == nullptr || !inputs->is_object()) {
    return Error{ExitCode::input, "expected the metafile of esbuild, with an object 'inputs'"};
  }
  if (inputs->size() > k_most_dependencies) {
    return Error{ExitCode::input, fmt::format("expected at most {} files", k_most_dependencies)};
  }
  Dependencies found;
  for (const Json::Member& member : inputs->members()) {
    const std::string& name = member.key;
    if (name.empty() || name.starts_with('<')) {
      continue; // <runtime>, <define:X>, <stdin>
    }
    const bool certain = !has_namespace(name) && name.find_first_of("?#") == std::string::npos;
    (certain ? found.files : found.uncertain).push_back(name);
  }
  if (found.files.empty() && found.uncertain.empty()) {
    return Error{ExitCode::input, "expected at least one file in 'inputs', got none"};
  }
  return found;
}

} // namespace

std::string write_depfile(const std::vector<std::string>& files) {
  std::string text = "built:";
  for (const std::string& file : files) {
    if (file.find('\n') != std::string::npos) {
      continue;
    }
    text += " \\\n ";
    std::size_t backslashes = 0;
    for (const char c : file) {
      if (c == ' ' || c == '\t' || c == '#') {
        text.append(c == '#' ? 1 : backslashes + 1, '\\');
      } else if (c == '$') {
        text += c;
      }
      backslashes = c == '\\' ? backslashes + 1 : 0;
      text += c;
    }
  }
  return text + '\n';
}

Result<Dependencies> parse_depfile(std::string_view text) {
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(k_byte_order_mark)) {
    text.remove_prefix(k_byte_order_mark.size());
  }
  return trim(text).starts_with('{') ? read_metafile(text) : Rules(text).read();
}

} // namespace ctest_matrix
