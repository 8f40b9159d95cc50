#include "runners/runner_output.hpp"

#include "base/text.hpp"
#include "runners/titles.hpp"

#include <regex>

namespace ctest_matrix {

std::string stated_version(std::string_view output) {
  constexpr std::size_t k_beginning = 8000; // bytes: a runner names itself before it runs anything
  static const std::regex k_banner(
      R"((?:^|\n)\s*(?:(?:RUN|DEV)\s+v|platform [^\n]*, pytest-)(\d+(?:\.\w+)+))");
  const std::string text = strip_ansi(output.substr(0, k_beginning));
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

std::string telling_line(const std::vector<std::string>& lines) {
  static const std::regex k_sanitizer(R"(.*\bERROR: \w*Sanitizer: .*|SUMMARY: \w*Sanitizer: .*)");
  static const std::regex k_error(R"((Uncaught )?([A-Z]\w*)?Error( \[\w+\])?: .+)");
  static const std::regex k_running(R"(\[ RUN      \] .+)");
  std::string error;
  std::string running;
  for (const std::string& line : lines) {
    constexpr std::size_t k_longest = 300; // bytes: of more no regular expression is asked
    const std::string plain(trim(strip_ansi(line.substr(0, k_longest))));
    if (std::regex_match(plain, k_sanitizer)) {
      return plain;
    }
    if (error.empty() && std::regex_match(plain, k_error)) {
      error = plain;
    } else if (std::regex_match(plain, k_running)) {
      running = plain;
    }
  }
  return error.empty() ? running : error;
}

std::string errors_stated(const std::vector<std::string>& lines) {
  static const std::regex k_errors(R"(Errors\s+\d+ errors?)");
  static const std::regex k_tests(R"(Tests\s+(\d+ \w+|no tests)\b.*)");
  bool after_tests = false; // only there it is the summary's line
  for (const std::string& line : lines) {
    const std::string plain(trim(strip_ansi(line)));
    if (after_tests && std::regex_match(plain, k_errors)) {
      return plain;
    }
    after_tests = std::regex_match(plain, k_tests);
  }
  return "";
}

} // namespace ctest_matrix
