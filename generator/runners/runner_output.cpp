#include "runners/runner_output.hpp"

#include "base/cut.hpp"
#include "base/text.hpp"
#include "runners/source_place.hpp"
#include "runners/titles.hpp"

#include <algorithm>
#include <regex>

namespace ctest_matrix {

std::string stated_version(std::string_view output) {
  constexpr std::size_t k_beginning = 8000; // bytes: a runner names itself before it runs anything
  static const std::regex k_banner(
      R"((?:^|\n)\s*(?:(?:RUN|DEV)\s+v|platform [^\n]*, pytest-)(\d+(?:\.\w+)+))");
  const std::string text = strip_ansi(first_bytes(output, k_beginning));
  std::smatch match;
  return std::regex_search(text, match, k_banner) ? match.str(1) : "";
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

/// How much a line tells of why a run went wrong, the most first; its last kind says only where it was.
enum class Telling { sanitizer, failure, error, running, nothing };

Telling telling_of(const std::string& line) {
  static const std::regex k_sanitizer(R"(.*\bERROR: \w*Sanitizer: .*|SUMMARY: \w*Sanitizer: .*)");
  // Rust, Go, glibc and libstdc++ on their way out, Node and Python.
  static const std::regex k_failure(
      R"(thread '.*' panicked at .*|panic: .+|.*: Assertion `.*' failed\.|terminate called .*|(Uncaught )?([A-Za-z_][\w.]*)?(Error|Exception)( \[\w+\])?: .+|Cannot find (module|package) .+)");
  // Compilers, shells, interpreters and package managers.
  static const std::regex k_error(
      R"((.*: )?(fatal )?error(\[\w+\])?: .+|npm ERR! .+|.*: No module named .+|.*: (command )?not found|.*: No such file or directory|.*: Permission denied)",
      std::regex::icase);
  static const std::regex k_stuck(R"(something prevents .* from exiting)"); // vitest
  static const std::regex k_running(R"(\[ RUN      \] .+)");
  return std::regex_match(line, k_sanitizer) ? Telling::sanitizer
         : std::regex_match(line, k_failure) ? Telling::failure
         : std::regex_match(line, k_error)   ? Telling::error
         : std::regex_match(line, k_stuck)   ? Telling::error
         : std::regex_match(line, k_running) ? Telling::running
                                             : Telling::nothing;
}

} // namespace

std::string telling_line(const std::vector<std::string>& lines) {
  std::string best;
  Telling most = Telling::nothing;
  bool wants_message = false; // Rust says where first, and then what
  for (const std::string& line : lines) {
    constexpr std::size_t k_longest = 300; // bytes: of more no regular expression is asked
    const std::string plain(trim(strip_ansi(first_bytes(line, k_longest))));
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

std::string errors_stated(const std::vector<std::string>& lines) {
  static const std::regex k_errors(R"(Errors\s+\d+ errors?)");
  static const std::regex k_tests(R"(Tests\s+(\d+ \w+|no tests)\b.*)");
  // pytest's, as wide as the terminal: the run was stopped, maybe with an exit status of 0.
  static const std::regex k_stopped(
      R"(!+ ((_pytest\.outcomes\.Exit|(\w+\.)*Interrupted|KeyboardInterrupt)\b.*?)( !+)?|!{10,} ([^!]+) !{10,})");
  bool after_tests = false; // only there it is the summary's line
  for (const std::string& line : lines) {
    constexpr std::size_t k_longest = 400; // bytes: of more no regular expression is asked
    const std::string plain(trim(strip_ansi(first_bytes(line, k_longest))));
    if (std::smatch stopped; std::regex_match(plain, stopped, k_stopped)) {
      return stopped[1].matched ? stopped.str(1) : stopped.str(5);
    }
    if (after_tests && std::regex_match(plain, k_errors)) {
      return plain;
    }
    after_tests = std::regex_match(plain, k_tests);
  }
  return "";
}

bool stated_from_cache(const std::vector<std::string>& lines) {
  static const std::regex k_cached(R"((ok|✓)\s+\S+\s+(\([0-9.]+m?s\)\s+)?\(cached\)(\s.*)?)");
  return std::ranges::any_of(lines, [](const std::string& line) {
    constexpr std::size_t k_longest = 400; // bytes: of more no regular expression is asked
    return line.find("(cached)") != std::string::npos &&
           std::regex_match(std::string(trim(strip_ansi(std::string_view(line).substr(0, k_longest)))),
                            k_cached);
  });
}

int deselected_stated(const std::vector<std::string>& lines) {
  static const std::regex k_summary(R"((?:=+ )?(?:\d+ \w+, )+(\d+) deselected\b.* in [0-9.]+s.*)");
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    constexpr std::size_t k_longest = 400; // bytes: of more no regular expression is asked
    const std::string plain(trim(strip_ansi(first_bytes(*line, k_longest))));
    if (std::smatch match; std::regex_match(plain, match, k_summary)) {
      return leading_number(match.str(1));
    }
  }
  return 0;
}

} // namespace ctest_matrix
