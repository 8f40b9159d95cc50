#include "runners/runner_output.hpp"

#include "base/cut.hpp"
#include "base/text.hpp"
#include "runners/source_place.hpp"
#include "runners/titles.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_line = 400; // bytes of a line: of more no regular expression is asked

/// A line as the patterns see it.
std::string plain_text(std::string_view line) {
  return std::string(trim(strip_ansi(first_bytes(line, k_longest_line))));
}

/// A regular expression, made when a line first has one of the words without which it cannot match: to make
/// one costs more than all else that is done to the output of most cells.
class Pattern {
public:
  Pattern(std::vector<std::string_view> words, const char* expression,
          std::regex::flag_type flags = std::regex::ECMAScript)
      : m_words(std::move(words)), m_expression(expression), m_flags(flags) {}

  /// Whether the whole line matches, with what its groups hold.
  bool matches(const std::string& line, std::smatch& groups) {
    const bool may_match = std::ranges::any_of(
        m_words, [&](std::string_view word) { return line.find(word) != std::string::npos; });
    if (may_match && !m_regex) {
      m_regex.emplace(m_expression, m_flags);
    }
    return may_match && std::regex_match(line, groups, *m_regex);
  }

  bool matches(std::string&& line, std::smatch& groups) = delete; // the groups point into the line

  bool matches(const std::string& line) {
    std::smatch groups;
    return matches(line, groups);
  }

private:
  std::vector<std::string_view> m_words;
  const char* m_expression;
  std::regex::flag_type m_flags;
  std::optional<std::regex> m_regex;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// `3.2.4` at the begin of the text, else nothing: numbers and words, with a dot before each but the first.
std::string_view leading_version(std::string_view text) {
  const auto part = [&](std::size_t at, auto belongs) {
    while (at < text.size() && belongs(text[at])) {
      ++at;
    }
    return at;
  };
  const std::size_t first = part(0, is_digit);
  std::size_t end = first;
  for (std::size_t at = end; at > 0 && at < text.size() && text[at] == '.'; at = end) {
    end = part(at + 1, is_word);
    if (end == at + 1) {
      return text.substr(0, at == first ? 0 : at);
    }
  }
  return text.substr(0, end == first ? 0 : end);
}

/// What stands behind `RUN  v` (vitest) or `platform linux -- Python 3.11.2, pytest-`.
std::string_view behind_name(std::string_view line) {
  constexpr std::string_view k_pytest_name = ", pytest-";
  if (line.starts_with("RUN") || line.starts_with("DEV")) {
    const std::string_view rest = line.substr(3);
    const std::string_view version = trim(rest);
    return version.size() < rest.size() && version.starts_with('v') ? version.substr(1) : "";
  }
  const std::size_t name = line.starts_with("platform ") ? line.find(k_pytest_name) : std::string_view::npos;
  return name == std::string_view::npos ? "" : line.substr(name + k_pytest_name.size());
}

/// How prove and Test::More end where a script failed, which its report may not tell: with their last line.
std::string perls_failure(const std::vector<std::string>& lines) {
  static Pattern k_last(
      {"Result: FAIL", "# Looks like "},
      R"(Result: FAIL|# Looks like (you failed \d+ tests? of \d+|your test exited with \d+).*)");
  const auto last = std::find_if(lines.rbegin(), lines.rend(),
                                 [](const std::string& line) { return !trim(plain_text(line)).empty(); });
  if (last == lines.rend()) {
    return "";
  }
  std::string plain = plain_text(*last);
  return k_last.matches(plain) ? plain : "";
}

} // namespace

std::string stated_version(std::string_view output) {
  constexpr std::size_t k_beginning = 8000; // bytes: a runner names itself before it runs anything
  for (const std::string& line : split_lines(strip_ansi(first_bytes(output, k_beginning)))) {
    if (const std::string_view version = leading_version(behind_name(trim(line))); !version.empty()) {
      return std::string(version);
    }
  }
  return "";
}

std::string last_test_named(const std::vector<std::string>& lines, std::string_view scope) {
  for (auto line = lines.rbegin(); line != lines.rend() && !scope.empty(); ++line) {
    const std::size_t at = line->find(scope);
    if (at != std::string::npos) {
      std::string_view rest = std::string_view(*line).substr(at + scope.size());
      rest.remove_prefix(rest.starts_with(k_between_titles) ? k_between_titles.size() : 0);
      return std::string(trim(rest));
    }
  }
  return "";
}

namespace {

/// What stands behind a mark of GoogleTest, up to what follows the name of a test; empty: the line has none.
std::string_view marked_by(std::string_view line, std::string_view mark) {
  const std::size_t at = line.find(mark);
  const std::string_view rest = at == std::string_view::npos ? "" : line.substr(at + mark.size());
  return rest.substr(0, rest.find_first_of(" ,"));
}

std::string running_of_gtest(const std::vector<std::string>& lines) {
  std::string running;
  for (const std::string& line : lines) {
    if (const auto begun = marked_by(line, "[ RUN      ] "); !begun.empty()) {
      running = begun;
    }
    for (const char* const end : {"[       OK ] ", "[  FAILED  ] ", "[  SKIPPED ] "}) {
      running = !running.empty() && marked_by(line, end) == running ? "" : running;
    }
  }
  const std::size_t dot = running.find('.');
  return dot == std::string::npos ? "" : join_titles({running.substr(0, dot), running.substr(dot + 1)});
}

/// Python's stack begins with the call that was last; pytest's own function calls that of the test.
std::string running_of_pytest(const std::vector<std::string>& lines) {
  static Pattern k_frame({"File \""}, R"re(File "(?:.*/)?([^/"]+)\.py", line \d+ in (\w+))re");
  auto line = std::ranges::find_if(
      lines, [](const std::string& each) { return each.find("Fatal Python error: ") != std::string::npos; });
  std::string above;
  for (; line != lines.end(); ++line) {
    const std::string text = plain_text(*line);
    std::smatch frame;
    if (!k_frame.matches(text, frame)) {
      continue;
    }
    if (frame.str(2) == "pytest_pyfunc_call") {
      return above;
    }
    above = join_titles({frame.str(1), frame.str(2)});
  }
  return "";
}

} // namespace

std::string running_test(const std::vector<std::string>& lines) {
  const std::string of_gtest = running_of_gtest(lines);
  return of_gtest.empty() ? running_of_pytest(lines) : of_gtest;
}

namespace {

/// How much a line tells of why a run went wrong, the most first; its last kind says only where it was.
enum class Telling { sanitizer, failure, error, running, nothing };

Telling telling_of(const std::string& line) {
  static Pattern k_sanitizer({"Sanitizer: "}, R"(.*\bERROR: \w*Sanitizer: .*|SUMMARY: \w*Sanitizer: .*)");
  // Rust, Go, glibc and libstdc++ on their way out, Node and Python, mocha of a file that does not load.
  static Pattern k_failure(
      {"panic", "Assertion", "terminate called ", "Error", "Exception", "Cannot find "},
      R"(thread '.*' panicked at .*|panic: .+|.*: Assertion `.*' failed\.|terminate called .*|(Uncaught |Exception during run: )?([A-Za-z_][\w.]*)?(Error|Exception)( \[\w+\])?: .+|Cannot find (module|package) .+)");
  // Compilers, shells, interpreters and package managers.
  static Pattern k_error(
      {"error", "exception during run: ", "npm err! ", "no module named ", "not found", "no such file ",
       "permission denied"},
      R"((.*: )?(fatal )?error(\[\w+\])?: .+|exception during run: .+|npm ERR! .+|.*: No module named .+|.*: (command )?not found|.*: No such file or directory|.*: Permission denied)",
      std::regex::icase);
  return k_sanitizer.matches(line)           ? Telling::sanitizer
         : k_failure.matches(line)           ? Telling::failure
         : k_error.matches(lower_case(line)) ? Telling::error
         // vitest
         : line.starts_with("something prevents ") && line.ends_with(" from exiting") ? Telling::error
         : line.starts_with("[ RUN      ] ")                                          ? Telling::running
                                                                                      : Telling::nothing;
}

/// pytest marks what an error says by an `E`.
std::string without_mark(std::string line) {
  constexpr std::string_view k_mark = "E   ";
  return line.starts_with(k_mark) ? std::string(trim(std::string_view(line).substr(k_mark.size()))) : line;
}

} // namespace

std::string telling_line(const std::vector<std::string>& lines) {
  std::string best;
  Telling most = Telling::nothing;
  bool wants_message = false; // Rust says where first, and then what
  for (const std::string& line : lines) {
    const std::string plain = without_mark(plain_text(line));
    if (wants_message) {
      best += " " + plain;
    }
    const Telling telling = telling_of(plain);
    if (telling < most || (telling == Telling::running && most == telling)) {
      most = telling;
      best = plain;
    }
    wants_message =
        best == plain && plain.find("' panicked at ") != std::string::npos && plain.ends_with(':');
  }
  return best;
}

std::vector<std::string> lines_to_show(std::vector<std::string> lines, std::size_t count) {
  const auto has = [](std::string_view mark) {
    return [mark](const std::string& line) {
      return line.find(mark) != std::string::npos && line.find("Sanitizer: ") != std::string::npos;
    };
  };
  const auto begin = std::ranges::find_if(lines, has("ERROR: "));
  const auto summary = std::find_if(begin, lines.end(), has("SUMMARY: "));
  if (summary == lines.end()) {
    const auto shown = static_cast<std::ptrdiff_t>(std::min(count, lines.size()));
    return {lines.end() - shown, lines.end()};
  }
  std::vector<std::string> shown(begin, std::min(summary, begin + static_cast<std::ptrdiff_t>(count) - 1));
  shown.push_back(*summary);
  return shown;
}

std::string errors_stated(const std::vector<std::string>& lines) {
  static Pattern k_errors({"Errors"}, R"(Errors\s+\d+ errors?)");
  static Pattern k_tests({"Tests"}, R"(Tests\s+(\d+ \w+|no tests)\b.*)");
  // pytest's, as wide as the terminal: the run was stopped, maybe with an exit status of 0.
  static Pattern k_stopped(
      {"!"},
      R"(!+ ((_pytest\.outcomes\.Exit|(\w+\.)*Interrupted|KeyboardInterrupt)\b.*?)( !+)?|!{10,} ([^!]+) !{10,})");
  // Python's: a test of unittest that is `async`, and of a class that awaits none.
  static Pattern k_unawaited({"was never awaited"},
                             R"(.*RuntimeWarning: coroutine '((?:[\w<>]+\.)*test\w*)' was never awaited.*)");
  // GoogleTest's: its report has skipped tests and no failure where a suite's set-up failed.
  constexpr std::string_view k_failed = "[  FAILED  ] ";
  constexpr std::string_view k_suite = ": SetUpTestSuite or TearDownTestSuite";
  constexpr std::string_view k_cargo = "error: test failed, to rerun pass ";
  // Node's, of what a test left behind and nobody waited for.
  constexpr std::string_view k_late = " generated asynchronous activity after the test ended.";
  std::string before;
  if (std::string failed = perls_failure(lines); !failed.empty()) {
    return failed;
  }
  for (const std::string& line : lines) {
    std::string plain = plain_text(line);
    if (plain.starts_with(k_failed) && plain.ends_with(k_suite)) {
      return plain.substr(k_failed.size());
    }
    if (std::smatch stopped; k_stopped.matches(plain, stopped)) {
      return stopped[1].matched ? stopped.str(1) : stopped.str(5);
    }
    if (std::smatch test; k_unawaited.matches(plain, test)) {
      return test.str(1) + " is a coroutine that nobody awaited: it did not run";
    }
    if (plain.starts_with(k_cargo) ||
        (plain.find(k_late) != std::string::npos &&
         plain.find("would have caused the test to fail") != std::string::npos)) {
      return std::string(trim(plain.substr(plain.starts_with('#') ? 1 : 0)));
    }
    if (k_errors.matches(plain) && k_tests.matches(before)) { // elsewhere it is not the summary's line
      return plain;
    }
    before = std::move(plain);
  }
  return "";
}

std::string_view told_from_cache(const std::vector<std::string>& lines) {
  static Pattern k_go({"(cached)"}, R"((ok|✓)\s+\S+\s+(\([0-9.]+m?s\)\s+)?\(cached\)(\s.*)?)");
  static Pattern k_turbo({" cached, "}, R"(\s*Cached:\s+(\d+) cached, \1 total)");
  static Pattern k_nx(
      {"Nx read the output from the cache"},
      R"(\s*Nx read the output from the cache instead of running .* (\d+) out of \1 tasks\.)");
  static Pattern k_bazel({"Executed 0 out of "}, R"(Executed 0 out of \d+ tests?: .*)");
  static Pattern k_gradle({"> Task :"}, R"(> Task :(\S*:)?(t|\w*T)est( FAILED)?( FROM-CACHE| UP-TO-DATE)?)");
  std::size_t ran = 0; // tasks of Gradle that run tests
  std::size_t kept = 0;
  for (const std::string& line : lines) {
    const std::string plain = plain_text(line);
    if (std::smatch task; k_gradle.matches(plain, task)) {
      ++(task[4].matched ? kept : ran);
    }
    if (k_bazel.matches(plain)) {
      return "bazel ran nothing, but told the results of an earlier run from its cache "
             "(--nocache_test_results makes it run them)";
    }
    if (k_go.matches(plain)) {
      return "go ran nothing, but told the results of an earlier run from its cache (-count=1 makes it run "
             "them)";
    }
    if (k_turbo.matches(plain)) {
      return "turbo ran nothing, but told the results of an earlier run from its cache (--force makes it "
             "run)";
    }
    if (k_nx.matches(plain)) {
      return "nx ran nothing, but told the results of an earlier run from its cache (--skip-nx-cache makes "
             "it run)";
    }
  }
  return kept > 0 && ran == 0 ? "gradle ran no test, but told the results of an earlier run from its cache "
                                "(--rerun-tasks makes it run them)"
                              : "";
}

std::vector<std::string> pytest_warnings(const std::vector<std::string>& lines) {
  static Pattern k_warning(
      {"Warning: "},
      R"(.*\bPytest((Collection|UnhandledThreadException|UnraisableException|ReturnNotNone)Warning: .*))");
  std::vector<std::string> warnings;
  for (const std::string& line : lines) {
    const std::string plain = plain_text(line);
    if (std::smatch warning; k_warning.matches(plain, warning)) {
      warnings.push_back("Pytest" + warning.str(1));
    }
  }
  sort_unique(warnings);
  return warnings;
}

int deselected_stated(const std::vector<std::string>& lines) {
  static Pattern k_summary({" deselected"}, R"((?:=+ )?(?:\d+ \w+, )+(\d+) deselected\b.* in [0-9.]+s.*)");
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::string plain = plain_text(*line);
    if (std::smatch match; k_summary.matches(plain, match)) {
      return leading_number(match.str(1));
    }
  }
  return 0;
}

} // namespace ctest_matrix
