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

} // namespace ctest_matrix
