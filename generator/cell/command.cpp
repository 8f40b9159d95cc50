#include "cell/command.hpp"

#include "base/text.hpp"
#include "plan/project.hpp"
#include "plan/worktree.hpp"
#include "runners/flag_reach.hpp"
#include "runners/runner_flags.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// A text as a word of a shell: a variable of the caller as `"$NAME"`, what has no value left as
/// {placeholders}.
std::string word_to_paste(const TextTemplate& text, const Values& values) {
  constexpr std::string_view k_variable = "env.";
  constexpr char k_mark = '\0'; // around the name of a variable
  const std::string known = *text.render([&](std::string_view name) {
    const auto found = values.find(name);
    return found != values.end()          ? found->second
           : name.starts_with(k_variable) ? fmt::format("{0}{1}{0}", k_mark, name.substr(k_variable.size()))
                                          : fmt::format("{{{}}}", name);
  });
  const std::vector<std::string> parts = split(known, k_mark); // every second one is a name
  std::string word;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    word += i % 2 == 1                             ? fmt::format("\"${}\"", parts[i])
            : parts[i].empty() && parts.size() > 1 ? ""
                                                   : shell_quote(parts[i]);
  }
  return word;
}

/// A command as one line to paste, with what has no value left as {placeholders}; behind `variables`.
std::string command_line(const fs::path& directory, const std::vector<TextTemplate>& command,
                         const Values& values, const std::string& variables = "") {
  std::vector<std::string> words;
  for (const TextTemplate& argument : command) {
    words.push_back(word_to_paste(argument, values));
  }
  return fmt::format("cd {} && {}{}", shell_quote(directory.string()), variables, join(words, " "));
}

/// Whether a text needs nothing that is only known while the cell runs.
bool is_known_before(const TextTemplate& text, const Values& values) {
  return std::ranges::all_of(text.placeholders(), [&](const auto& entry) {
    return entry.first.starts_with("env.") || values.contains(entry.first);
  });
}

/// What the matrix says of the runner's variables, in front of a command: without it another column may run.
std::string variables_to_paste(const CommonPlan& common, const BoundCell& cell) {
  const Values values = values_of(common, cell);
  std::string words;
  for (const auto& [name, value] : variables_of(common, cell)) {
    words += is_known_before(value, values) ? fmt::format("{}={} ", name, word_to_paste(value, values)) : "";
  }
  return words;
}

/// A command of the cell behind what the row runs it by.
std::vector<TextTemplate> wrapped(const CommonPlan& common, const BoundCell& cell,
                                  const std::vector<TextTemplate>& command) {
  std::vector<TextTemplate> all = wrap_of(common, cell);
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

/// A test by the name that its runner selects it by: pytest's node id from behind its file on
/// (`TestSuite::test_one[a]`), `Suite.Name` of GoogleTest.
std::string test_id(const BoundCell& cell, const std::string& test) {
  std::vector<std::string> titles = split_titles(test);
  if (cell.file.extension() != ".py") {
    if (!cell.scope.empty() && titles.front() != cell.scope) { // of one that crashed, the whole name is known
      titles.insert(titles.begin(), cell.scope);
    }
    return join(titles, ".");
  }
  std::vector<std::string> modules = split(titles.front(), '.');
  const auto file = std::ranges::find(modules, cell.file.stem().string());
  modules.erase(modules.begin(), file == modules.end() ? file : file + 1);
  modules.insert(modules.end(), titles.begin() + 1, titles.end());
  return join(modules, "::");
}

/// What narrows the cell by us: services that it needs run only while somebody of ours holds them.
std::string narrowing_line(const CommonPlan& common, const BoundCell& cell, const std::string& test) {
  const fs::path& matrix = common.places.matrix;
  const fs::path directory = matrix.parent_path();
  const fs::path checkout = find_checkout(directory);
  ProjectOptions said = project_of(common);
  said.matrix = matrix.filename();
  said.root = said.root == (checkout.empty() ? directory : checkout) ? fs::path() : said.root;
  said.build_dir = said.build_dir.parent_path() == directory ? said.build_dir.filename() : said.build_dir;
  return fmt::format("cd {} && ctest-matrix narrow{} {} {}{}", shell_quote(directory.string()),
                     options_text(said, ProjectOptions()), shell_quote(cell.name),
                     test.starts_with('-') ? "--test=" : "", shell_quote(test));
}

} // namespace

std::string line_to_paste(const fs::path& directory, const std::vector<std::string>& argv) {
  return fmt::format("cd {} && {}", shell_quote(directory.string()), shell_line(argv));
}

Values values_of(const CommonPlan& common, const BoundCell& cell) {
  const auto of_axes = axis_values(common, cell);
  Values values(of_axes.begin(), of_axes.end());
  values["file"] = cell.row->name;
  values["path"] = test_path(common, cell);
  values["suite"] = cell.row->suite;
  values["column"] = cell.variant->column;
  values["cell"] = cell.name;
  for (const std::string_view name : k_root_placeholders) {
    values.emplace(name, *root_value(common.places.root, name));
  }
  return values;
}

Environment variables_of(const CommonPlan& common, const BoundCell& cell) {
  Environment variables = common.environment;
  for (const Environment* over : {&cell.variant->environment, &cell.row->environment}) {
    for (const auto& [name, value] : *over) {
      std::erase_if(variables, [&, same = name](const auto& entry) { return entry.first == same; });
      variables.emplace_back(name, value);
    }
  }
  return variables;
}

std::vector<TextTemplate> full_command(const CommonPlan& common, const BoundCell& cell) {
  std::vector<TextTemplate> command = cell.command;
  std::vector<std::string> words;
  for (const TextTemplate& argument : command) {
    words.push_back(argument.source());
  }
  auto place = command.begin() + static_cast<std::ptrdiff_t>(place_of_flags(words));
  for (const std::string& flag : missing_flags(report_format(common, cell), words,
                                               script_text(runner_directory(common, cell), words))) {
    TextTemplate::Problem problem;
    place = command.insert(place, *TextTemplate::parse(flag, problem)) + 1;
  }
  return command;
}

std::vector<TextTemplate> wrap_of(const CommonPlan& common, const BoundCell& cell) {
  std::vector<TextTemplate> wrap = cell.row->wrap;
  const TextTemplate::Lookup texts = texts_of(common, cell);
  for (TextTemplate& word : wrap) {
    word = word.bind(texts);
  }
  return wrap;
}

std::string cell_command_line(const CommonPlan& common, const BoundCell& cell) {
  return command_line(runner_directory(common, cell), wrapped(common, cell, full_command(common, cell)),
                      {{"filter", cell.filter}});
}

std::vector<std::pair<std::string, std::string>> cell_environment(const CommonPlan& common,
                                                                  const BoundCell& cell) {
  std::vector<std::pair<std::string, std::string>> environment;
  for (const auto& [name, value] : variables_of(common, cell)) {
    environment.emplace_back(name, known_part(value, values_of(common, cell)));
  }
  return environment;
}

std::optional<std::string> narrowed_filter(const CommonPlan& common, const BoundCell& cell,
                                           const std::string& test) {
  if (!common.narrow) {
    return std::nullopt;
  }
  // What stands between the titles in a runner's full name differs between its versions.
  const auto escaped = [&](const std::string& text) {
    return common.escaping == Escaping::regex ? escape_regex(text) : text;
  };
  const auto filter = common.narrow->render([&](std::string_view name) {
    return name == "test"
               ? (common.escaping == Escaping::regex ? replace_all(escaped(test), k_between_titles, ".*")
                                                     : test)
           : name == "test.name" ? escaped(split_titles(test).back())
           : name == "test.id"   ? escaped(test_id(cell, test))
                                 : cell.filter;
  });
  return filter ? std::optional(*filter) : std::nullopt;
}

std::optional<std::string> narrowed_command_line(const CommonPlan& common, const BoundCell& cell,
                                                 const std::string& test) {
  const auto filter = narrowed_filter(common, cell, test);
  if (!filter) {
    return std::nullopt;
  }
  if (!cell.variant->services.empty()) {
    return narrowing_line(common, cell, test);
  }
  const std::string report = (common.places.state / "reports" / "pasted").string();
  return command_line(runner_directory(common, cell), wrapped(common, cell, cell.command),
                      {{"filter", *filter}, {"report", report}}, variables_to_paste(common, cell));
}

} // namespace ctest_matrix
