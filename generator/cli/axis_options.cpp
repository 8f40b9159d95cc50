#include "cli/axis_options.hpp"

#include "base/diagnostics.hpp"
#include "base/text.hpp"
#include "cli/matrix_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ctest_matrix {

namespace {

/// The long options of a verb.
std::vector<std::string> long_options(const Verb& verb) {
  std::vector<std::string> known{"--help"};
  for (const VerbOption& option : verb.options) {
    std::ranges::copy_if(split(option.names, ','), std::back_inserter(known),
                         [](const std::string& name) { return name.starts_with("--"); });
  }
  return known;
}

/// Whether a word is an option, or a slip of one.
bool resembles_option(const std::vector<std::string>& known, const std::string& word) {
  return std::ranges::any_of(known, [&](const std::string& name) { return word.starts_with(name); }) ||
         !nearest(word, known).empty();
}

/// The matrix that a command line names, before it is known which of its words are options; empty: none.
std::string matrix_of(const std::vector<std::string>& words) {
  constexpr std::string_view k_option = "--matrix=";
  std::string matrix;
  for (auto word = words.begin(); word != words.end() && *word != "--"; ++word) {
    const bool is_value = word != words.begin() && (word - 1)->starts_with("--") && *(word - 1) != "--matrix";
    if (word->starts_with(k_option)) {
      return word->substr(k_option.size());
    }
    if (!is_value && (is_matrix_file(*word) || (word != words.begin() && *(word - 1) == "--matrix"))) {
      matrix = *word;
    }
  }
  return matrix;
}

} // namespace

std::vector<std::string> take_axis_options(const std::vector<Verb>& verbs,
                                           const std::vector<std::string>& words, const AxesOf& axes_of,
                                           std::vector<std::string>& settings) {
  std::vector<std::string> rest;
  const std::vector<Verb>* next = &verbs;
  std::vector<std::string> known; // of the verb that was named
  const auto is_axis = [&](const std::string& name) {
    const std::vector<std::string> axes = axes_of(matrix_of(words));
    return std::ranges::find(axes, name) != axes.end();
  };
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (*word == "--") {
      rest.insert(rest.end(), word, words.end());
      break;
    }
    const std::size_t equals = word->find('=');
    const std::string name = word->substr(0, equals);
    const bool unknown = name.size() > 2 && name.starts_with("--") &&
                         std::ranges::find(known, "--set") != known.end() &&
                         std::ranges::find(known, name) == known.end() &&
                         (!resembles_option(known, name) || is_axis(name.substr(2)));
    if (unknown && equals != std::string::npos) {
      settings.push_back(word->substr(2));
    } else if (unknown && word + 1 != words.end()) {
      settings.push_back(fmt::format("{}={}", name.substr(2), *++word));
    } else {
      const auto named = std::ranges::find(*next, name, &Verb::name);
      if (named != next->end()) {
        known = long_options(*named);
        next = &named->verbs;
      }
      rest.push_back(*word);
    }
  }
  return rest;
}

} // namespace ctest_matrix
