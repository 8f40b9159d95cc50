#include "cli/completion.hpp"

#include "base/text.hpp"
#include "cli/matrix_options.hpp"

#include <algorithm>
#include <string_view>

namespace ctest_matrix {

namespace {

/// A command line up to the word that is completed.
struct Line {
  const Verb* verb = nullptr;
  const std::vector<Verb>* verbs = nullptr; ///< that may be named next; null: none
  std::vector<std::string> arguments;       ///< that are no options
  std::string matrix;                       ///< empty: the usual one
  std::string option;                       ///< whose value is completed; empty: none
};

bool takes_value(const VerbOption& option) {
  return !std::holds_alternative<bool*>(option.target) &&
         !std::holds_alternative<std::function<void()>>(option.target);
}

std::vector<std::string> spellings(const VerbOption& option) {
  return split(option.names, ',');
}

const VerbOption* find_option(const Verb& verb, std::string_view name) {
  const auto found = std::ranges::find_if(verb.options, [&](const VerbOption& option) {
    return std::ranges::count(spellings(option), name) > 0;
  });
  return found == verb.options.end() ? nullptr : &*found;
}

bool has_axes(const Verb& verb) {
  return find_option(verb, "--set") != nullptr;
}

Line read_line(const std::vector<Verb>& verbs, const std::vector<std::string>& words) {
  Line line;
  line.verbs = &verbs;
  for (auto word = words.begin(); word != words.end(); ++word) {
    line.option.clear();
    if (word->starts_with('-') && line.verb != nullptr) {
      const VerbOption* option = find_option(*line.verb, *word);
      const bool is_axis = option == nullptr && has_axes(*line.verb) && word->starts_with("--");
      if (word->find('=') != std::string::npos || (option == nullptr ? !is_axis : !takes_value(*option))) {
        continue;
      }
      line.option = *word;
      if (word + 1 != words.end()) {
        line.matrix = *word == "--matrix" ? *(word + 1) : line.matrix;
        ++word;
        line.option.clear();
      }
    } else if (line.verbs != nullptr) {
      const auto named = std::ranges::find(*line.verbs, *word, &Verb::name);
      line.verb = named == line.verbs->end() ? line.verb : &*named;
      line.verbs = line.verb == nullptr || line.verb->verbs.empty() ? nullptr : &line.verb->verbs;
    } else {
      line.arguments.push_back(*word);
      line.matrix = is_matrix_file(*word) ? *word : line.matrix;
    }
  }
  return line;
}

std::vector<std::string> values_of_axis(const MatrixWords& matrix, const std::string& axis) {
  const auto found = std::ranges::find(matrix.axes, axis, [](const auto& each) { return each.first; });
  return found == matrix.axes.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> values_of_option(const std::string& option, const MatrixWords& matrix) {
  if (option == "--only" || option == "--from" || option == "--skip") {
    return matrix.rows;
  }
  if (option == "--profile") {
    return matrix.profiles;
  }
  if (option == "--set") {
    std::vector<std::string> settings;
    for (const auto& [axis, values] : matrix.axes) {
      for (const std::string& value : values) {
        settings.push_back(axis + "=" + value);
      }
    }
    return settings;
  }
  return values_of_axis(matrix, option.substr(option.find_first_not_of('-')));
}

/// The words of `run`: what can follow the last one.
std::vector<std::string> run_words(const std::vector<std::string>& arguments, const MatrixWords& matrix) {
  std::vector<std::string> next{"reset", "resume", "only", "from", "skip"};
  bool wants_value = false;
  for (const std::string& word : arguments) {
    const bool is_word = std::ranges::count(std::vector<std::string>{"only", "from", "skip"}, word) > 0;
    const bool is_axis = !values_of_axis(matrix, word).empty();
    wants_value = !wants_value && (is_word || is_axis);
    next = !wants_value ? std::vector<std::string>{"only", "from", "skip"}
           : is_word    ? matrix.rows
                        : values_of_axis(matrix, word);
    if (wants_value && is_axis) {
      next.emplace_back("both");
    }
  }
  for (const auto& [axis, values] : matrix.axes) {
    if (!wants_value) {
      next.push_back(axis);
    }
  }
  return next;
}

std::vector<std::string> arguments_of(const Line& line, const MatrixWords& matrix) {
  if (line.verb->name == "run") {
    return run_words(line.arguments, matrix);
  }
  const bool says_cell = !line.verb->options.empty() && line.verb->options.front().names == "CELL";
  const bool of_cell = says_cell || std::ranges::count(std::vector<std::string>{"explain", "narrow", "cell"},
                                                       line.verb->name) > 0;
  return of_cell && line.arguments.empty() ? matrix.cells : std::vector<std::string>();
}

std::vector<std::string> options_of(const Verb& verb, const MatrixWords& matrix) {
  std::vector<std::string> names{"--help"};
  for (const VerbOption& option : verb.options) {
    if (!option.hidden && option.names.starts_with('-')) {
      names.push_back(spellings(option).back());
    }
  }
  for (const auto& [axis, values] : matrix.axes) {
    if (has_axes(verb)) {
      names.push_back("--" + axis);
    }
  }
  return names;
}

} // namespace

std::vector<std::string> complete(const std::vector<Verb>& verbs, const std::vector<std::string>& words,
                                  const std::string& begun, const MatrixReader& read_matrix) {
  const Line line = read_line(verbs, words);
  std::vector<std::string> candidates;
  if (line.verbs != nullptr) {
    for (const Verb& verb : *line.verbs) {
      if (!verb.hidden) {
        candidates.push_back(verb.name);
      }
    }
  } else if (line.verb != nullptr) {
    const MatrixWords matrix = read_matrix(line.matrix).value_or(MatrixWords{});
    candidates = !line.option.empty()     ? values_of_option(line.option, matrix)
                 : begun.starts_with('-') ? options_of(*line.verb, matrix)
                                          : arguments_of(line, matrix);
  }
  std::erase_if(candidates, [&](const std::string& word) { return !word.starts_with(begun); });
  return candidates;
}

} // namespace ctest_matrix
