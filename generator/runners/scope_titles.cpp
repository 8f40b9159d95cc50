#include "runners/scope_titles.hpp"

#include "base/text.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

bool lies_below(const TestCase& test, std::string_view scope) {
  if (!test.separator.empty()) {
    return test.joined.starts_with(fmt::format("{}{}", scope, test.separator));
  }
  return test.titles.size() > 1 &&
         std::find(test.titles.begin(), test.titles.end() - 1, scope) != test.titles.end() - 1;
}

bool may_lie_below(const TestCase& test, std::string_view scope) {
  return !test.separator.empty() &&
         test.joined.find(fmt::format("{}{}{}", test.separator, scope, test.separator)) != std::string::npos;
}

std::string title_below(const TestCase& test, std::string_view scope) {
  if (!test.separator.empty() && !scope.empty() && lies_below(test, scope)) {
    const std::string rest = test.joined.substr(scope.size() + test.separator.size());
    return test.separator == " " ? rest : replace_all(rest, test.separator, k_between_titles);
  }
  auto begin = test.titles.begin();
  if (!scope.empty()) {
    const auto found = std::find(test.titles.begin(), test.titles.end(), scope);
    begin = found == test.titles.end() ? begin : found + 1;
  }
  return join_titles({begin, test.titles.end()});
}

} // namespace ctest_matrix
