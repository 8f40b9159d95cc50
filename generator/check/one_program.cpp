#include "check/one_program.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/row.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t k_largest_source = 4 << 20; // bytes

/// The CMakeLists.txt of each directory from the project's to those of the sources, without their comments.
std::string cmake_of(const fs::path& directory, const std::vector<std::string>& sources) {
  std::set<fs::path> places{""};
  for (const std::string& source : sources) {
    for (fs::path place = fs::path(source).parent_path(); !place.empty(); place = place.parent_path()) {
      places.insert(place);
    }
  }
  std::string text;
  for (const fs::path& place : places) {
    const auto file = read_regular_file(directory / place / "CMakeLists.txt", k_largest_source);
    for (const std::string& line : split_lines(file ? *file : "")) {
      text += line.substr(0, line.find('#')) + "\n";
    }
  }
  return text;
}

/// Whether a text speaks of a test file without its ending, as of a target.
bool names_stem(const std::string& text, const std::string& stem) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
  };
  for (std::size_t at = text.find(stem); at != std::string::npos; at = text.find(stem, at + 1)) {
    const std::size_t end = at + stem.size();
    if ((at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end]))) {
      return true;
    }
  }
  return false;
}

/// What `add_executable` makes, by name, and what stands behind that; a name that a variable has is `$`.
std::map<std::string, std::string> executables_of(const std::string& text) {
  static const std::regex k_executable(R"(add_executable\s*\(\s*("?)([^\s")]+)([^)]*))");
  std::map<std::string, std::string> executables;
  for (std::sregex_iterator match(text.begin(), text.end(), k_executable); match != std::sregex_iterator();
       ++match) {
    const std::string name = (*match)[2];
    executables[name.find('$') == std::string::npos ? name : "$"] += (*match)[3];
  }
  return executables;
}

void collect_suites(const std::string& source, std::vector<std::string>& suites) {
  static const std::regex k_test(R"(^\s*(TEST|TEST_F)\s*\(\s*(\w+)\s*,)");
  static const std::regex k_instance(R"(^\s*INSTANTIATE_TEST_(?:SUITE|CASE)_P\s*\(\s*(\w*)\s*,\s*(\w+))");
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(suites, name) == suites.end() && is_row_name(name)) {
      suites.push_back(name);
    }
  };
  for (const std::string& line : split_lines(source)) {
    std::smatch match;
    if (line.find("TEST") == std::string::npos) {
      continue;
    }
    if (std::regex_search(line, match, k_test)) {
      add(match[2]);
    } else if (std::regex_search(line, match, k_instance)) {
      add(match[1].length() == 0 ? match.str(2) : match.str(1) + "/" + match.str(2));
    }
  }
}

} // namespace

std::optional<OneProgram> one_program_of(const fs::path& directory, const std::vector<std::string>& sources) {
  const std::string text = cmake_of(directory, sources);
  const bool by_file = std::ranges::any_of(
      sources, [&](const std::string& source) { return names_stem(text, fs::path(source).stem().string()); });
  const auto executables = executables_of(text);
  if (sources.size() < 2 || by_file || executables.size() != 1 || executables.contains("$")) {
    return std::nullopt;
  }
  OneProgram program{.name = executables.begin()->first, .suites = {}};
  for (const std::string& source : sources) {
    const auto file = read_regular_file(directory / source, k_largest_source);
    collect_suites(file ? *file : "", program.suites);
  }
  return program.suites.empty() ? std::nullopt : std::optional(std::move(program));
}

std::vector<std::string> programs_of(const fs::path& directory, const std::vector<std::string>& sources) {
  std::vector<std::string> programs;
  std::size_t named = 0; // sources, each of which has to be in one program
  bool differ = false;   // from their sources
  for (const auto& [program, arguments] : executables_of(cmake_of(directory, sources))) {
    std::vector<std::string> stems;
    for (const std::string& source : sources) {
      if (arguments.find(fs::path(source).filename().string()) != std::string::npos) {
        stems.push_back(fs::path(source).stem().string());
      }
    }
    if (stems.empty()) {
      continue; // no test
    }
    if (!is_row_name(program)) { // `$`, too
      return {};
    }
    programs.push_back(program);
    named += stems.size();
    differ = differ || stems.size() > 1 || stems.front() != program;
  }
  return programs.size() > 1 && differ && named == sources.size() ? programs : std::vector<std::string>();
}

} // namespace ctest_matrix
