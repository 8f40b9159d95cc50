#include "plan/handed_on.hpp"

#include "base/shell_words.hpp"
#include "base/text.hpp"

#include <cstdlib>

namespace ctest_matrix {

namespace {

// A line for a shell each.
constexpr const char* k_arguments = "CTEST_MATRIX_ARGS";
constexpr const char* k_wrap = "CTEST_MATRIX_WRAP";

std::vector<std::string> words_in(const char* variable) {
  const char* const line = std::getenv(variable);
  return shell_words(line == nullptr ? "" : line).value_or(std::vector<std::string>());
}

} // namespace

std::vector<std::string> variables_of(const HandedOn& handed) {
  std::vector<std::string> variables;
  for (const auto& [name, words] :
       {std::pair(k_arguments, &handed.arguments), std::pair(k_wrap, &handed.wrap)}) {
    if (!words->empty()) {
      variables.push_back(std::string(name) + '=' + shell_line(*words));
    }
  }
  return variables;
}

HandedOn handed_on() {
  return {.arguments = words_in(k_arguments), .wrap = words_in(k_wrap)};
}

bool hands_on(std::string_view entry) {
  const std::string_view name = entry.substr(0, entry.find('='));
  return name == k_arguments || name == k_wrap;
}

} // namespace ctest_matrix
