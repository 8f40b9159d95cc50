#include "runners/pytest_source.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace ctest_matrix {

namespace {

bool in_python_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

/// The source with blanks in place of comments and of what is in strings; lines stay where they are.
std::string only_code(std::string_view source) {
  std::string code(source);
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, code.size()); ++i) {
      code[i] = code[i] == '\n' ? '\n' : ' ';
    }
  };
  for (std::size_t at = 0; at < source.size();) {
    const char c = source[at];
    if (c == '#') {
      const std::size_t end = std::min(source.find('\n', at), source.size());
      blank(at, end);
      at = end;
    } else if (c == '"' || c == '\'') {
      const std::string_view triple = source.substr(at, 3);
      const bool is_long = triple == R"(""")" || triple == "'''";
      const std::string_view quote = is_long ? triple : source.substr(at, 1);
      std::size_t end = at + quote.size();
      while (end < source.size() && source.substr(end, quote.size()) != quote &&
             (is_long || source[end] != '\n')) {
        end += source[end] == '\\' ? 2 : 1;
      }
      end = std::min(end + quote.size(), source.size());
      blank(at + 1, end - 1);
      at = end;
    } else {
      ++at;
    }
  }
  return code;
}

/// The name behind a keyword at the begin of a line (`def`, `class`); empty where there is none.
std::string name_behind(std::string_view line, std::string_view keyword) {
  if (!line.starts_with(keyword) || line.size() <= keyword.size() || line[keyword.size()] != ' ') {
    return "";
  }
  const std::string_view rest = trim(line.substr(keyword.size()));
  const auto* const end = std::find_if_not(rest.begin(), rest.end(), in_python_name);
  return std::string(rest.substr(0, static_cast<std::size_t>(end - rest.begin())));
}

/// A class whose body goes on.
struct OpenClass {
  std::string name;          ///< with those around it
  std::size_t indent = 0;    ///< of its own line
  std::size_t body = 0;      ///< of what is in it; 0: nothing was seen yet
  bool is_tests = false;     ///< pytest takes it for one of tests
  std::size_t functions = 0; ///< how many there were before it
};

class Scanner {
public:
  std::vector<PytestFunction> scan(std::string_view source) {
    int number = 0;
    int depth = 0; // of brackets: what they hold is no line of its own
    for (const std::string& line : split_lines(only_code(source))) {
      ++number;
      const std::size_t indent = line.find_first_not_of(" \t");
      if (depth == 0 && indent != std::string::npos) {
        read(std::string_view(line).substr(indent), indent, number);
      }
      for (const char c : line) {
        depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
      }
      depth = std::max(depth, 0);
    }
    return std::move(m_functions);
  }

private:
  void read(std::string_view line, std::size_t indent, int number) {
    while (!m_classes.empty() && indent <= m_classes.back().indent) {
      m_classes.pop_back();
    }
    if (!m_classes.empty() && m_classes.back().body == 0) {
      m_classes.back().body = indent;
    }
    const bool direct = m_classes.empty() ? indent == 0 : indent == m_classes.back().body;
    if (line.starts_with('@')) {
      m_is_fixture |= line.find("fixture") != std::string_view::npos;
      return;
    }
    const bool is_fixture = std::exchange(m_is_fixture, false);
    line.remove_prefix(line.starts_with("async ") ? 6 : 0);
    if (const std::string name = name_behind(line, "class"); !name.empty() && direct) {
      open_class(name, line, indent);
    } else if (const std::string function = name_behind(line, "def"); !function.empty() && direct) {
      add_function(function, is_fixture, number);
    } else if (direct && !m_classes.empty() && line.starts_with("__test__") &&
               line.find("False") != std::string_view::npos) {
      drop_class();
    }
  }

  void open_class(const std::string& name, std::string_view line, std::size_t indent) {
    const bool outer = m_classes.empty() || m_classes.back().is_tests;
    const bool of_unittest = line.find("TestCase") != std::string_view::npos;
    m_classes.push_back({.name = m_classes.empty() ? name : fmt::format("{}.{}", m_classes.back().name, name),
                         .indent = indent,
                         .body = 0,
                         .is_tests = outer && (name.starts_with("Test") || of_unittest),
                         .functions = m_functions.size()});
  }

  /// pytest takes no class with a constructor, and none that says so.
  void drop_class() {
    m_functions.resize(m_classes.back().functions);
    m_classes.back().is_tests = false;
  }

  void add_function(const std::string& name, bool is_fixture, int number) {
    if (name == "__init__" && !m_classes.empty()) {
      drop_class();
    } else if (name.starts_with("test") && !is_fixture && (m_classes.empty() || m_classes.back().is_tests)) {
      m_functions.push_back({m_classes.empty() ? "" : m_classes.back().name, name, number});
    }
  }

  std::vector<PytestFunction> m_functions;
  std::vector<OpenClass> m_classes; ///< the outermost first
  bool m_is_fixture = false;        ///< a decorator above says so
};

std::string places(const std::vector<PytestFunction>& functions) {
  constexpr std::size_t k_most = 3;
  std::vector<std::string> names;
  for (const PytestFunction& function : functions) {
    if (names.size() == k_most) {
      names.push_back(fmt::format("and {} more", functions.size() - k_most));
      break;
    }
    names.push_back(fmt::format("{}{}{} (line {})", function.class_name,
                                function.class_name.empty() ? "" : ".", function.name, function.line));
  }
  return join(names, ", ");
}

} // namespace

std::vector<PytestFunction> pytest_functions(std::string_view source) {
  return Scanner().scan(source);
}

std::vector<std::string> left_out_by_pytest(std::string_view source, const RunnerReport& report) {
  std::set<std::string, std::less<>> reported; // a class can be run by the names of others
  for (const TestCase& test : report.tests) {
    const std::string_view title = test.titles.empty() ? std::string_view() : test.titles.back();
    reported.emplace(title.substr(0, title.find('[')));
  }
  std::vector<PytestFunction> left_out;
  std::vector<PytestFunction> hidden;
  std::set<std::pair<std::string, std::string>> later;
  std::vector<PytestFunction> functions = pytest_functions(source);
  std::reverse(functions.begin(), functions.end());
  for (PytestFunction& function : functions) {
    if (!later.emplace(function.class_name, function.name).second) {
      hidden.insert(hidden.begin(), std::move(function));
    } else if (!reported.contains(function.name)) {
      left_out.insert(left_out.begin(), std::move(function));
    }
  }
  std::vector<std::string> remarks;
  if (!left_out.empty()) {
    remarks.push_back(
        fmt::format("pytest does not take for tests, by its configuration: {}", places(left_out)));
  }
  if (!hidden.empty()) {
    remarks.push_back(fmt::format("never run, for a later one has the same name: {}", places(hidden)));
  }
  return remarks;
}

} // namespace ctest_matrix
