#include "cli/axis_options.hpp"

#include "base/diagnostics.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

/// Whether a word is an option of the verb, or a slip of one.
bool resembles_option(const CLI::App& verb, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      known.push_back("--" + name);
      if (word.starts_with(known.back())) {
        return true;
      }
    }
  }
  return !nearest(word, known).empty();
}

} // namespace

std::vector<std::string> take_axis_options(const CLI::App& app, const std::vector<std::string>& arguments,
                                           std::vector<std::string>& settings) {
  std::vector<std::string> rest;
  const CLI::App* verb = &app;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    if (*argument == "--") {
      rest.insert(rest.end(), argument, arguments.end());
      break;
    }
    const std::size_t equals = argument->find('=');
    const std::string name = argument->substr(0, equals);
    const bool unknown = name.starts_with("--") && verb->get_option_no_throw("--set") != nullptr &&
                         !resembles_option(*verb, name);
    if (unknown && equals != std::string::npos) {
      settings.push_back(argument->substr(2));
    } else if (unknown && argument + 1 != arguments.end()) {
      settings.push_back(fmt::format("{}={}", name.substr(2), *++argument));
    } else {
      const auto next = verb->get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
      verb = next.empty() ? verb : next.front();
      rest.push_back(*argument);
    }
  }
  return rest;
}

} // namespace ctest_matrix
