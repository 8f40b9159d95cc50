#include "runners/focus.hpp"

#include "base/text.hpp"
#include "runners/dialects.hpp"
#include "runners/source_place.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace {

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skip_space(std::string_view source, std::size_t at) {
  while (at < source.size() && is_space(source[at])) {
    ++at;
  }
  return at;
}

std::size_t behind(std::string_view source, std::string_view end, std::size_t from) {
  const std::size_t found = source.find(end, from);
  return found == std::string_view::npos ? source.size() : found + end.size();
}

/// Where the string that begins at `at` ends; one in quotes at the end of its line at the latest.
std::size_t skip_string(std::string_view source, std::size_t at) {
  const char quote = source[at];
  std::size_t end = at + 1;
  while (end < source.size() && source[end] != quote && source[end] != '\n') {
    end += source[end] == '\\' ? 2 : 1;
  }
  return std::min(end + 1, source.size());
}

/// Where the regular expression that begins at `at` ends; `at` where it does not end on its line.
std::size_t skip_regex(std::string_view source, std::size_t at) {
  bool in_class = false;
  for (std::size_t end = at + 1; end < source.size() && source[end] != '\n'; ++end) {
    const char c = source[end];
    if (c == '\\') {
      ++end;
    } else if (c == '/' && !in_class) {
      return end + 1;
    } else {
      in_class = c == '[' || (in_class && c != ']');
    }
  }
  return at;
}

/// Whether a `/` behind this code begins a regular expression, and is no division.
bool regex_may_follow(std::string_view before) {
  const std::size_t last = before.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) {
    return true;
  }
  if (in_name(before[last])) {
    std::size_t begin = last;
    while (begin > 0 && in_name(before[begin - 1])) {
      --begin;
    }
    constexpr std::array<std::string_view, 7> k_words{"return", "typeof", "case", "in",
                                                      "of",     "await",  "void"};
    return std::ranges::find(k_words, before.substr(begin, last + 1 - begin)) != k_words.end();
  }
  return std::string_view(")]}\"'`").find(before[last]) == std::string_view::npos;
}

/// Where the template that begins at `at` ends, with what is in the code in it.
std::size_t skip_template(std::string_view source, std::size_t at) {
  std::vector<int> braces; // open ones, for each `${…}` that we are in
  bool in_code = false;
  for (std::size_t end = at + 1; end < source.size(); ++end) {
    const char c = source[end];
    if (c == '`') {
      if (!in_code && braces.empty()) {
        return end + 1;
      }
      in_code = !in_code;
    } else if (!in_code && c == '\\') {
      ++end;
    } else if (!in_code && source.substr(end, 2) == "${") {
      braces.push_back(1);
      in_code = true;
      ++end;
    } else if (in_code && (c == '"' || c == '\'')) {
      end = skip_string(source, end) - 1;
    } else if (in_code && (c == '{' || c == '}')) {
      braces.back() += c == '{' ? 1 : -1;
      if (braces.back() == 0) {
        braces.pop_back();
        in_code = false;
      }
    }
  }
  return source.size();
}

/// Where the comment, string, template or regular expression that begins at `at` ends; `at` itself where none
/// begins there.
std::size_t skip_text(std::string_view source, std::size_t at) {
  if (source.substr(at, 2) == "//") {
    return std::min(source.find('\n', at), source.size());
  }
  if (source.substr(at, 2) == "/*") {
    return behind(source, "*/", at + 2);
  }
  if (source[at] == '/' && regex_may_follow(source.substr(0, at))) {
    return skip_regex(source, at);
  }
  if (source[at] == '"' || source[at] == '\'') {
    return skip_string(source, at);
  }
  return source[at] == '`' ? skip_template(source, at) : at;
}

/// The names from `at` on with dots in between, without spaces (`it.only.each`); `at` moves behind them.
std::string names_at(std::string_view source, std::size_t& at) {
  std::string names;
  while (at < source.size()) {
    while (at < source.size() && in_name(source[at])) {
      names += source[at++];
    }
    std::size_t next = skip_space(source, at);
    for (const std::string_view only : {R"(["only"])", "['only']"}) {
      if (source.substr(next, only.size()) == only) {
        names += ".only";
        at = next + only.size();
        next = skip_space(source, at);
      }
    }
    const std::size_t name = next < source.size() && source[next] == '.' ? skip_space(source, next + 1) : 0;
    if (name == 0 || name >= source.size() || !in_name(source[name])) {
      break;
    }
    names += '.';
    at = name;
  }
  return names;
}

/// Whether a name is one that tests are made by; people call fixtures of their own `dbTest` or `myIt`.
bool makes_tests(std::string_view name) {
  constexpr std::array<std::string_view, 13> k_ends{"it",       "It",    "test",  "Test",    "describe",
                                                    "Describe", "suite", "Suite", "context", "specify",
                                                    "tape",     "ava",   "bench"};
  return std::ranges::any_of(k_ends, [&](std::string_view end) { return name.ends_with(end); });
}

bool is_call(std::string_view rest) {
  return rest.starts_with('(') || rest.starts_with('`');
}

/// Whether names run only some tests, given what is behind them.
bool is_focus(std::string_view names, std::string_view rest) {
  const std::string_view first = names.substr(0, names.find('.'));
  if (first == "fit" || first == "fdescribe") {
    return is_call(rest);
  }
  for (std::size_t at = names.find(".only"); at != std::string_view::npos; at = names.find(".only", at + 1)) {
    const std::size_t end = at + 5;
    if (end == names.size() || names[end] == '.') {
      return makes_tests(first);
    }
  }
  return false;
}

/// The first line (from 1) with names, with dots in between, for which `holds`, given what is behind them;
/// 0: none.
template <typename Holds>
int line_of_names(std::string_view source, const Holds& holds) {
  for (std::size_t at = 0; at < source.size();) {
    if (const std::size_t end = skip_text(source, at); end != at) {
      at = end;
      continue;
    }
    const std::size_t begin = at;
    const std::string names = in_name(source[at]) ? names_at(source, at) : "";
    const std::string_view rest = source.substr(skip_space(source, at));
    const bool member = begin > 0 && source[begin - 1] == '.';
    if (!member && holds(names, rest)) {
      return static_cast<int>(
                 std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(begin), '\n')) +
             1;
    }
    at = std::max(at, begin + 1);
  }
  return 0;
}

/// Whether a file imports one of these packages.
bool imports(std::string_view source, std::initializer_list<std::string_view> packages) {
  for (const std::string_view package : packages) {
    for (std::size_t at = source.find(package); at != std::string_view::npos;
         at = source.find(package, at + 1)) {
      const std::string_view behind = source.substr(at + package.size());
      std::string_view before = source.substr(0, at);
      if (before.empty() || behind.empty() || before.back() != behind.front() ||
          (before.back() != '"' && before.back() != '\'')) {
        continue;
      }
      before.remove_suffix(1);
      while (!before.empty() && (is_space(before.back()) || before.back() == '(')) {
        before.remove_suffix(1);
      }
      if (before.ends_with("from") || before.ends_with("require") || before.ends_with("import")) {
        return true;
      }
    }
  }
  return false;
}

} // namespace

int focused_line(std::string_view source) {
  return line_of_names(source, is_focus);
}

namespace {

bool is_node_program(std::string_view word) {
  return word == "node" || word.ends_with("/node");
}

} // namespace

int hidden_exit_line(const std::vector<std::string>& command, std::string_view source) {
  const bool hides =
      std::ranges::find(command, "--test") != command.end() && std::ranges::any_of(command, is_node_program);
  return !hides ? 0 : line_of_names(source, [](std::string_view names, std::string_view rest) {
    return is_call(rest) && (names == "process.exit" || names == "process.reallyExit");
  });
}

int node_focused_line(std::string_view source) {
  return line_of_names(source, [](std::string_view names, std::string_view rest) {
    const bool is_option =
        names == "only" && rest.starts_with(':') && !rest.substr(skip_space(rest, 1)).starts_with("false");
    return is_option || (names.ends_with(".runOnly") && is_call(rest)) || is_focus(names, rest);
  });
}

bool node_runs_only(const std::vector<std::string>& command, std::string_view script) {
  const auto says = [&](std::string_view option) {
    return script.find(option) != std::string_view::npos ||
           std::ranges::any_of(
               command, [&](const std::string& word) { return word.find(option) != std::string::npos; });
  };
  return says("--test-only") || says("test-isolation=none");
}

bool node_hears_only(const std::vector<std::string>& command, std::string_view script,
                     std::string_view source) {
  std::vector<std::string> words = command;
  const std::vector<std::string> more = split(replace_all(std::string(script), "\n", " "), ' ');
  words.insert(words.end(), more.begin(), more.end());
  return std::ranges::any_of(words, is_node_program) && std::ranges::find(words, "--test") == words.end() &&
         imports(source, {"node:test"});
}

std::string node_program(const std::vector<std::string>& command) {
  const auto found = std::ranges::find_if(command, is_node_program);
  return found == command.end() ? "node" : *found;
}

bool node_passes_over_only(std::string_view version) {
  constexpr std::pair<int, int> k_hears{24, 21};
  const std::size_t dot = std::min(version.find('.'), version.size());
  if (!version.starts_with('v') || dot == version.size()) {
    return false;
  }
  const std::pair said{leading_number(version.substr(1)), leading_number(version.substr(dot + 1))};
  return said.first > 0 && said < k_hears;
}

std::optional<Unfocused> what_only_leaves(std::string_view writer, std::string_view source) {
  const bool leaves_out =
      writer == k_mocha || writer == k_mocha_junit || writer == k_playwright || writer == k_bun;
  if (leaves_out || imports(source, {"tape", "ava", "uvu", "bun:test", "@playwright/test"})) {
    return Unfocused::left_out;
  }
  const bool skips = writer == k_jest || writer == k_jest_junit || writer == k_vitest;
  return skips || imports(source, {"vitest"}) ? std::optional(Unfocused::skipped) : std::nullopt;
}

} // namespace ctest_matrix
