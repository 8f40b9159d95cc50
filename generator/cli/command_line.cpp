#include "cli/command_line.hpp"

#include "base/diagnostics.hpp"
#include "base/formats.hpp"
#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>

namespace ctest_matrix {

namespace {

/// The help as it is shown: within 80 columns, and of options that do not go together only those that people
/// can see, in words.
class HelpFormatter : public CLI::Formatter {
public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    const std::string opts = make_option_opts(option);
    return entry(make_option_name(option, is_positional) + opts.substr(0, opts.find(" Excludes:")),
                 make_option_desc(option) + not_with(*option));
  }

  std::string make_subcommand(const CLI::App* verb) const override {
    return entry(verb->get_display_name(true), verb->get_description());
  }

private:
  static std::string not_with(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const CLI::Option* const other : option.get_excludes()) {
      if (!other->get_group().empty()) {
        names.push_back(other->get_name());
      }
    }
    std::ranges::sort(names); // they come by their addresses
    return names.empty() ? "" : fmt::format(" (not with {})", join(names, ", "));
  }

  std::string entry(const std::string& name, const std::string& description) const {
    constexpr std::size_t k_width = 80;
    const std::size_t margin = get_column_width();
    std::string text = "  " + name;
    std::size_t column = text.size();
    if (column >= margin) {
      text += '\n';
      column = 0;
    }
    for (const std::string& word : split(description, ' ')) {
      if (column > margin && column + 1 + word.size() > k_width) {
        text += '\n';
        column = 0;
      }
      const std::size_t gap = column < margin ? margin - column : 1;
      text += std::string(gap, ' ') + word;
      column += gap + word.size();
    }
    return text + '\n';
  }
};

std::string example(std::string_view command) {
  return fmt::format("Example:\n  ctest-matrix {}", command);
}

struct AddOption {
  CLI::App& app;
  const VerbOption& option;

  template <typename Value>
  CLI::Option* operator()(Value* target) const {
    return app.add_option(option.names, *target, option.help);
  }

  CLI::Option* operator()(bool* target) const { return app.add_flag(option.names, *target, option.help); }

  CLI::Option* operator()(const std::function<void()>& target) const {
    return app.add_flag_callback(option.names, target, option.help);
  }
};

void add_option(CLI::App& app, const VerbOption& option) {
  CLI::Option* const added = std::visit(AddOption{app, option}, option.target);
  if (!option.value_name.empty()) {
    added->type_name(option.value_name);
  }
  if (option.required) {
    added->required();
  }
  if (option.hidden) {
    added->group("");
  }
  if (option.one_at_a_time) {
    added->allow_extra_args(false);
  }
  if (option.positive) {
    CLI::Validator range = CLI::Range(1, 1'000'000);
    added->check(range.description("")); // the help is of the option, not of its limits
  }
}

/// `named` becomes the verb when the words name it.
void add_verb(CLI::App& app, const Verb& verb, const Verb*& named) {
  CLI::App* const sub = app.add_subcommand(verb.name, verb.help);
  if (verb.hidden) {
    sub->group("");
  }
  for (const VerbOption& option : verb.options) {
    add_option(*sub, option);
  }
  for (const VerbOption& option : verb.options) {
    for (const std::string& other : option.instead_of) {
      if (CLI::Option* const excluded = sub->get_option_no_throw(other)) {
        sub->get_option(option.names)->excludes(excluded);
      }
    }
  }
  sub->footer(verb.note.empty() ? example(verb.example) : verb.note + '\n' + example(verb.example));
  if (!verb.verbs.empty()) {
    sub->require_subcommand(1);
    for (const Verb& below : verb.verbs) {
      add_verb(*sub, below, named);
    }
    return;
  }
  sub->callback([&verb, &named] {
    if (const std::string missing = verb.lacks ? verb.lacks() : ""; !missing.empty()) {
      throw CLI::RequiredError(missing);
    }
    named = &verb;
  });
}

/// What follows a word that is wrong.
std::string instead(const std::string& near) {
  return near.empty() ? ";" : fmt::format(", did you mean '{}'?", near);
}

/// One line about words that are wrong: which, and what is near it.
std::string explain_error(const std::vector<Verb>& verbs, const std::vector<std::string>& words,
                          const CLI::ParseError& error) {
  if (words.empty()) {
    return "expected a verb, such as `ctest-matrix run`; `ctest-matrix --help` lists them";
  }
  const auto verb = std::ranges::find(verbs, words.front(), &Verb::name);
  std::vector<std::string> known;
  if (verb == verbs.end()) {
    for (const Verb& each : verbs) {
      known.push_back(each.hidden ? "" : each.name);
    }
    const std::string near = nearest(words.front(), known);
    return fmt::format("unknown {} '{}'{} `ctest-matrix --help` lists the verbs",
                       words.front().starts_with('-') ? "option" : "verb", words.front(), instead(near));
  }
  for (const VerbOption& option : verb->options) {
    std::ranges::move(split(option.names, ','), std::back_inserter(known));
  }
  for (const std::string& word : words) {
    const std::string name = word.substr(0, word.find('='));
    if (name.starts_with("--") && std::ranges::find(known, name) == known.end() && name != "--help") {
      const std::string near = nearest(name, known);
      return fmt::format("{}: unknown option '{}'{} `ctest-matrix {} --help` lists them", verb->name, name,
                         instead(near), verb->name);
    }
  }
  return fmt::format("{}: {}; see `ctest-matrix {} --help`", verb->name, trim(error.what()), verb->name);
}

} // namespace

std::variant<const Verb*, ExitCode> parse_command_line(const std::vector<Verb>& verbs,
                                                       const std::vector<std::string>& words) {
  CLI::App app("Runs one test suite over a matrix of runtimes, as one CTest test per test file and runtime.",
               "ctest-matrix");
  app.formatter(std::make_shared<HelpFormatter>());
  app.require_subcommand(1);
  app.footer("`ctest-matrix VERB --help` tells more of each.\n" + example("run"));
  app.set_version_flag("--version", fmt::format("ctest-matrix {}", program_version()));
  const Verb* named = nullptr;
  const auto first = std::ranges::find(verbs, words.empty() ? "" : words.front(), &Verb::name);
  for (const Verb& verb : verbs) {
    if (first == verbs.end() || first->name == verb.name) { // of the others nobody hears anything
      add_verb(app, verb, named);
    }
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend())); // as CLI11 wants them
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) { // help, version
      app.exit(error);
      return ExitCode::ok;
    }
    fmt::print(stderr, "{}\n", explain_error(verbs, words, error));
    return ExitCode::usage;
  }
  return named;
}

} // namespace ctest_matrix
