#include "runners/flag_reach.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "runners/runner_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ctest_matrix {

namespace {

using Command = std::vector<std::string>;

constexpr std::string_view k_end_of_flags = "--";

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

std::string_view file_name(std::string_view word) {
  return word.substr(word.rfind('/') + 1);
}

/// Where the line of a shell's `-c` is; the command's size: nowhere.
std::size_t shell_line_at(const Command& command) {
  const bool shell =
      !command.empty() && is_any_of(file_name(command.front()), {"sh", "bash", "dash", "zsh", "ksh"});
  const auto option = shell ? std::ranges::find(command, "-c") : command.end();
  return std::min(command.size(), static_cast<std::size_t>(option - command.begin()) + 1);
}

bool passes_arguments_on(std::string_view line) {
  return line.find("$@") != std::string_view::npos || line.find("$*") != std::string_view::npos;
}

/// The place of the first `--` in some words of a command; `end` where there is none.
std::size_t end_of_flags(const Command& command, std::size_t begin, std::size_t end) {
  const auto first = command.begin() + static_cast<std::ptrdiff_t>(std::min(begin, end));
  const auto last = command.begin() + static_cast<std::ptrdiff_t>(end);
  return static_cast<std::size_t>(std::find(first, last, k_end_of_flags) - command.begin());
}

/// The commands of a script's line; at least one.
Command commands_in(std::string_view script) {
  Command commands;
  std::size_t begin = 0;
  char quote = 0;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const char c = script[i];
    const bool redirects = c == '&' && ((i > 0 && script[i - 1] == '>') || script.substr(i + 1, 1) == ">");
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '\\') {
      ++i;
    } else if ((c == '|' || c == ';' || c == '&') && !redirects) {
      commands.emplace_back(trim(script.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  commands.emplace_back(trim(script.substr(std::min(begin, script.size()))));
  return commands;
}

/// The last command of a script's line, behind whose words its arguments come.
std::string last_command(std::string_view script) {
  return commands_in(script).back();
}

/// The words of the runner in a script's line, from its program on; where none is known, the last command's.
Command runner_in(std::string_view script) {
  Command found;
  for (const std::string& command : commands_in(script)) {
    const Command words = split(command, ' ');
    const std::size_t at = runner_at(words);
    if (at < words.size() || runner_at(found) == found.size()) {
      found.assign(words.begin() + static_cast<std::ptrdiff_t>(at < words.size() ? at : 0), words.end());
    }
  }
  return found;
}

/// The first word of a line of a shell behind which no word is a flag of its command: `--`, a comment, the
/// end of a subshell. Empty: there is none.
std::string what_ends_flags(std::string_view line) {
  for (const std::string& word : split(line, ' ')) {
    if (word == k_end_of_flags || word.starts_with('#')) {
      return word;
    }
  }
  return line.ends_with(')') ? ")" : "";
}

/// Whether a line of a shell runs a runner that knows the flags in question.
bool names_runner(std::string_view line) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"vitest", "mocha", "playwright"},
      [&](std::string_view name) { return line.find(name) != std::string_view::npos; });
}

/// Where a flag that makes a `.only` an error stands in a word or a line; npos: nowhere.
std::size_t forbidding_flag_in(std::string_view line) {
  for (const std::string_view flag : {"--forbid-only", "--forbidOnly", "--allowOnly=false"}) {
    for (std::size_t at = line.find(flag); at != std::string_view::npos; at = line.find(flag, at + 1)) {
      const std::string_view behind = line.substr(at + flag.size());
      if (behind.empty() || std::string_view(" \t\n\"';|&)").find(behind.front()) != std::string_view::npos) {
        return at;
      }
    }
  }
  return std::string_view::npos;
}

/// Whether a word of the command that is a flag reaches the runner.
bool is_heard(const Command& command, std::size_t flag, const std::string& script) {
  if (const std::size_t line = shell_line_at(command); line < flag) {
    return passes_arguments_on(command[line]) && names_runner(command[line]) &&
           what_ends_flags(command[line]).empty() && end_of_flags(command, line, flag) == flag;
  }
  if (!script_of(command).empty() && !script.empty()) {
    const std::string last = last_command(script);
    const std::size_t end = end_of_flags(command, 0, flag);
    const bool npm = file_name(command.front()) == "npm";
    const bool passed_on = npm ? end < flag && end_of_flags(command, end + 1, flag) == flag : end == flag;
    return passed_on && names_runner(last) && what_ends_flags(last).empty();
  }
  const std::size_t runner = runner_at(command);
  return runner < flag && end_of_flags(command, runner, flag) == flag;
}

} // namespace

std::string script_of(const Command& command) {
  if (command.size() < 2 || !is_any_of(file_name(command[0]), {"npm", "pnpm", "yarn"})) {
    return "";
  }
  const bool run = is_any_of(command[1], {"run", "run-script"});
  const std::string name = run && command.size() > 2 ? command[2] : command[1];
  return name.starts_with('-') || is_any_of(name, {"exec", "dlx", "x", "node"}) ? "" : name;
}

std::string script_text(std::filesystem::path directory, const Command& command) {
  const std::string name = script_of(command);
  while (!name.empty()) {
    if (const auto text = read_file(directory / "package.json")) {
      const auto json = parse_json(*text);
      return json ? (*json)["scripts"][name].string_or("") : "";
    }
    if (!directory.has_relative_path()) {
      break;
    }
    directory = directory.parent_path();
  }
  return "";
}

std::size_t place_of_flags(const Command& command) {
  const std::size_t end = command.size();
  if (!script_of(command).empty()) { // npm takes the first `--` for its own
    const std::size_t first = end_of_flags(command, 0, end);
    return file_name(command.front()) == "npm" && first < end ? end_of_flags(command, first + 1, end) : end;
  }
  return end_of_flags(command, runner_at(command), end);
}

std::string why_out_of_reach(const Command& command, const std::string& script) {
  if (const std::size_t line = shell_line_at(command); line < command.size()) {
    return passes_arguments_on(command[line])
               ? ""
               : "a shell gets them, which does not pass them on: put \"$@\" behind the runner in its "
                 "line, and the shell's name behind that (`sh, -c, 'vitest run \"$@\"', sh`)";
  }
  const std::string name = script_of(command);
  if (!name.empty() && file_name(command.front()) == "npm" &&
      end_of_flags(command, 0, command.size()) == command.size()) {
    return fmt::format("npm takes them for its own: put -- behind `npm {}`",
                       command[1] == name ? name : fmt::format("{} {}", command[1], name));
  }
  const std::string last = last_command(script);
  if (!script.empty() && last.find("vitest") == std::string::npos &&
      script.find("vitest") != std::string::npos) {
    return fmt::format(
        "the script '{}' of package.json ends with another command, which gets them ({}): let it "
        "end with vitest, or name vitest in the command",
        name, script);
  }
  if (const std::string end = what_ends_flags(last);
      !end.empty() && last.find("vitest") != std::string::npos) {
    return fmt::format(
        "the script '{}' of package.json has a {} behind which they are none ({}): take it out, "
        "or name vitest in the command",
        name, end, script);
  }
  if (last.starts_with("npm ") &&
      end_of_flags(split(last, ' '), 0, split(last, ' ').size()) == split(last, ' ').size()) {
    return fmt::format(
        "the script '{}' of package.json ends with `{}`, and npm takes them for its own: put -- "
        "behind it",
        name, last);
  }
  return "";
}

Command words_of_runner(const Command& command, const std::string& script) {
  const std::size_t line = shell_line_at(command);
  if (line < command.size()) {
    Command words = runner_in(command[line]);
    words.insert(words.end(), command.begin() + static_cast<std::ptrdiff_t>(line) + 1, command.end());
    return words;
  }
  const std::size_t at = runner_at(command);
  Command words(command.begin() + static_cast<std::ptrdiff_t>(at < command.size() ? at : 0), command.end());
  const Command of_script = runner_in(script);
  words.insert(words.end(), of_script.begin(), of_script.end());
  return words;
}

bool forbids_only(const Command& command, const std::string& script) {
  for (std::size_t i = 0; i < command.size(); ++i) {
    const std::string_view word = command[i];
    const std::size_t at = forbidding_flag_in(word);
    if (at == std::string_view::npos) {
      continue;
    }
    const bool heard = at == 0 ? is_heard(command, i, script)
                               : names_runner(word) && what_ends_flags(word.substr(0, at)).empty();
    if (heard) {
      return true;
    }
  }
  return false;
}

} // namespace ctest_matrix
