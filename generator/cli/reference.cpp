#include "cli/reference.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

std::size_t level_of(std::string_view line) {
  const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
  return level > 0 && level < line.size() && line[level] == ' ' ? level : 0;
}

/// A line without the marks for links, bold and code.
std::string without_marks(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t middle = line.find("](", i);
    const std::size_t close = line.find(']', i);
    if (line[i] == '[' && middle != std::string_view::npos && middle == close &&
        line.find(')', middle) != std::string_view::npos) {
      text += without_marks(line.substr(i + 1, middle - i - 1));
      i = line.find(')', middle) + 1;
    } else if (line.substr(i, 2) == "**") {
      i += 2;
    } else if (line[i] == '`') {
      ++i;
    } else {
      text += line[i++];
    }
  }
  return text;
}

/// The cells of a table's row.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  bool is_code = false;
  for (std::size_t i = 1; i < line.size(); ++i) {
    is_code = is_code != (line[i] == '`');
    if (line[i] == '|' && line[i - 1] != '\\' && !is_code) {
      cells.emplace_back(trim(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

bool is_rule(std::string_view line) {
  return line.find_first_not_of("|-: ") == std::string_view::npos;
}

} // namespace

const std::vector<Topic>& topics() {
  static const std::vector<Topic> k_topics{
      {"matrix", "the language of matrix.yaml", "README.md", "## The matrix file"},
      {"diagnostics", "what is said of a matrix that is wrong", "README.md", "### Diagnostics"},
      {"verdicts", "what a cell's result means", "generator/README.md", "## Verdicts"},
      {"run", "the whole workflow in one command", "generator/README.md",
       "## The whole workflow in one command"},
      {"progress", "the progress file", "generator/README.md", "## The progress file"},
      {"report", "the report, the page, the baseline", "generator/README.md",
       "## The report and the baseline"},
      {"shards", "the suite on several machines", "generator/README.md", "## More than one machine"},
      {"known", "known failures and the friction log", "generator/README.md", "## Known failures"},
      {"ctest", "names, labels and fixtures, as CTest sees them", "cmake/README.md", "## What CTest sees"},
      {"cmake", "the tests of a matrix in a CMake project", "cmake/README.md", "## In a CMake project"},
      {"editors", "VS Code, Qt Creator and others", "cmake/README.md", "## In an editor"},
      {"dashboards", "CDash", "cmake/README.md", "## On a dashboard"},
      {"packages", "from npm, Debian, an archive or the source", "cmake/README.md", "## Packages"},
      {"verbs", "every verb, and the exit codes", "generator/README.md", "## Verbs"}};
  return k_topics;
}

std::string part_below(std::string_view document, std::string_view heading) {
  std::string part;
  bool is_inside = false;
  bool is_code = false;
  for (const std::string& line : split_lines(document)) {
    is_code = is_code != line.starts_with("```");
    if (!is_code && is_inside && level_of(line) > 0 && level_of(line) <= level_of(heading)) {
      break;
    }
    is_inside = is_inside || (!is_code && line == heading);
    part += is_inside ? line + "\n" : "";
  }
  return part;
}

std::string plain_text(std::string_view markdown) {
  std::string text;
  bool is_code = false;
  std::vector<std::string> header; // of the table that goes on
  for (const std::string& line : split_lines(markdown)) {
    const std::string_view bare = trim(line);
    if (bare.starts_with("```")) {
      is_code = !is_code;
    } else if (is_code) {
      text += "    " + line + "\n";
    } else if (bare.starts_with('|')) {
      const std::vector<std::string> cells = cells_of(bare);
      if (header.empty()) {
        header = cells;
      } else if (!is_rule(bare)) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
          const std::string cell = without_marks(cells[i]);
          const bool named = i < header.size() && cells.size() > 2 && !header[i].empty();
          text += i == 0 ? "  " + cell + "\n"
                  : cell.empty()
                      ? ""
                      : fmt::format("      {}{}\n", named ? without_marks(header[i]) + ": " : "", cell);
        }
      }
      continue;
    } else if (level_of(line) > 0) {
      const std::string title = without_marks(line.substr(level_of(line) + 1));
      text += title + "\n" + std::string(title.size(), level_of(line) <= 2 ? '=' : '-') + "\n";
    } else if (!bare.starts_with("<") && !bare.starts_with("![")) {
      text += without_marks(line) + "\n";
    }
    header.clear();
  }
  return text;
}

} // namespace ctest_matrix
