#include "runners/tap.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_what = "tap report";
constexpr std::size_t k_indent = 4;
constexpr std::size_t k_max_depth = 64;

enum class Directive { none, skip, todo };

/// `ok 3 - description # SKIP reason`.
struct Point {
  bool ok = false;
  int number = 0; ///< 0: not numbered
  std::string description;
  Directive directive = Directive::none;
};

/// Whether the text begins with the whole word, given in upper case, in any case.
bool starts_with_word(std::string_view text, std::string_view word) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  const auto in_word = [&](char c) {
    return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [&](char a, char b) { return a == upper(b); }) &&
         (text.size() == word.size() || !in_word(text[word.size()]));
}

/// Cuts `# SKIP …` or `# TODO …` off a description; `\#` is no directive.
Directive take_directive(std::string_view& description) {
  for (std::size_t at = description.find('#'); at != std::string_view::npos;
       at = description.find('#', at + 1)) {
    if (at > 0 && description[at - 1] != ' ' && description[at - 1] != '\t') {
      continue;
    }
    const std::string_view word = trim(description.substr(at + 1));
    const Directive directive = starts_with_word(word, "SKIP")   ? Directive::skip
                                : starts_with_word(word, "TODO") ? Directive::todo
                                                                 : Directive::none;
    if (directive != Directive::none) {
      description = description.substr(0, at);
      return directive;
    }
  }
  return Directive::none;
}

std::optional<Point> parse_point(std::string_view line) {
  Point point;
  point.ok = !line.starts_with("not ");
  line.remove_prefix(point.ok ? 0 : 4);
  if (!line.starts_with("ok") || (line.size() > 2 && line[2] != ' ' && line[2] != '\t')) {
    return std::nullopt;
  }
  line = trim(line.substr(2));
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits > 0 && (digits == line.size() || line[digits] == ' ' || line[digits] == '\t')) {
    point.number = leading_number(line);
    line = trim(line.substr(digits));
  }
  if (line.starts_with("- ") || line == "-") {
    line.remove_prefix(1);
  }
  point.directive = take_directive(line);
  point.description = replace_all(replace_all(std::string(trim(line)), "\\#", "#"), "\\\\", "\\");
  return point;
}

/// The number of tests that `1..N` plans; nothing for another line.
std::optional<int> parse_plan(std::string_view line) {
  if (!line.starts_with("1..")) {
    return std::nullopt;
  }
  line.remove_prefix(3);
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  const std::string_view rest = trim(line.substr(digits));
  if (digits == 0 || (!rest.empty() && !rest.starts_with('#'))) {
    return std::nullopt;
  }
  return leading_number(line);
}

/// The value of `key:` in a YAML block that was written one key a line, without quotes; of a value over
/// several lines the first one.
std::string yaml_value(const std::vector<std::string>& block, std::string_view key) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    std::string_view text = trim(block[i]);
    if (!text.starts_with(key) || text.size() <= key.size() || text[key.size()] != ':') {
      continue;
    }
    text = trim(text.substr(key.size() + 1));
    if ((text.starts_with('|') || text.starts_with('>')) && i + 1 < block.size()) {
      text = trim(block[i + 1]);
    }
    if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
      text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
  }
  return {};
}

void apply_yaml(const std::vector<std::string>& block, TestCase& test) {
  double duration = 0;
  const std::string milliseconds = yaml_value(block, "duration_ms");
  std::from_chars(milliseconds.data(), milliseconds.data() + milliseconds.size(), duration);
  constexpr double k_longest = 1e12;
  test.duration =
      Milliseconds(std::isfinite(duration) ? std::llround(std::clamp(duration, 0.0, k_longest)) : 0);
  if (test.status != TestStatus::failed) {
    return;
  }
  const std::string node = yaml_value(block, "error");
  const std::string reason = node.empty() ? yaml_value(block, "message") : node;
  test.messages.push_back(clean_text(reason + (reason.empty() ? "" : "\n") + join(block, "\n")));
  const std::vector<std::string> place = split(yaml_value(block, "location"), ':');
  if (place.size() == 3 && leading_number(place[1]) > 0) {
    test.source_file = place[0];
    test.source_line = leading_number(place[1]);
  } else if (const int line = leading_number(yaml_value(block, "line")); line > 0) {
    test.source_file = yaml_value(block, "file");
    test.source_line = test.source_file.empty() ? 0 : line;
  }
}

class Reader {
public:
  Result<RunnerReport> read(std::string_view text) {
    m_levels.emplace_back();
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
      }
      if (!read_line(line)) {
        return bad_input(k_what, fmt::format("nested more than {} levels deep", k_max_depth));
      }
    }
    if (!m_bailed_out && m_levels.size() == 1 && !m_levels.front().plan && m_levels.front().points == 0) {
      return bad_input(k_what, "no plan and no test: not TAP");
    }
    if (m_in_yaml) {
      contradict("the last YAML block has no end: the report is cut");
    }
    if (!text.ends_with('\n')) {
      contradict("the last line has no end: the report is cut");
    }
    while (m_levels.size() > 1) {
      contradict("a subtest has no parent: the report is cut");
      close_level(Point{false, 0, "", Directive::none});
    }
    check_level(m_levels.front(), "the report");
    m_report.tests = std::move(m_levels.front().tests);
    return std::move(m_report);
  }

private:
  /// One level of indentation, from its first line to the test point of its parent.
  struct Level {
    std::optional<int> plan;
    int points = 0;
    bool in_sequence = true;
    std::vector<TestCase> tests;
  };

  void contradict(std::string note) {
    m_report.says_success = false;
    m_report.notes.push_back(std::move(note));
  }

  bool read_line(std::string_view line) {
    const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    if (m_in_yaml) {
      read_yaml(line, spaces);
      return true;
    }
    const std::string_view content = line.substr(spaces);
    if (content.starts_with("Bail out!")) {
      m_bailed_out = true;
      contradict(clean_text(trim(content)));
      return true;
    }
    if (content == "---" && m_yaml_may_follow && spaces > 0) {
      m_in_yaml = true;
      m_yaml_indent = spaces;
      m_yaml.clear();
      return true;
    }
    m_yaml_may_follow = false;
    const std::size_t depth = spaces / k_indent;
    const std::optional<int> plan = spaces % k_indent == 0 ? parse_plan(content) : std::nullopt;
    const std::optional<Point> point = spaces % k_indent == 0 ? parse_point(content) : std::nullopt;
    if (!plan && !point) {
      return true;
    }
    if (depth > k_max_depth) {
      return false;
    }
    enter_level(depth, plan ? depth + 1 : depth + 2);
    if (plan) {
      add_plan(*plan);
    } else {
      read_point(depth, *point);
    }
    return true;
  }

  /// Makes `depth` a level, and none deeper than `most` open.
  void enter_level(std::size_t depth, std::size_t most) {
    while (m_levels.size() > most) {
      contradict("a subtest has no parent");
      close_level(Point{false, 0, "", Directive::none});
    }
    while (m_levels.size() < depth + 1) {
      m_levels.emplace_back();
    }
  }

  /// A point behind a deeper level is the parent of what is in it.
  void read_point(std::size_t depth, const Point& point) {
    if (m_levels.size() == depth + 2) {
      close_level(point);
    } else {
      add_point(point);
      m_last_test = m_levels.back().tests.size() - 1;
    }
    m_yaml_may_follow = true;
  }

  void read_yaml(std::string_view line, std::size_t spaces) {
    if (line.substr(spaces) == "..." && spaces == m_yaml_indent) {
      if (m_last_test) {
        apply_yaml(m_yaml, m_levels.back().tests[*m_last_test]);
      }
      m_in_yaml = false;
    } else {
      m_yaml.emplace_back(line.substr(std::min(spaces, m_yaml_indent)));
    }
  }

  void add_plan(int plan) {
    Level& level = m_levels.back();
    if (level.plan) {
      contradict("a second plan");
    }
    level.plan = plan;
  }

  void count_point(const Point& point) {
    Level& level = m_levels.back();
    ++level.points;
    level.in_sequence = level.in_sequence && (point.number == 0 || point.number == level.points);
  }

  void add_point(const Point& point) {
    count_point(point);
    TestCase test;
    test.titles.push_back(point.description);
    if (point.directive == Directive::todo) {
      test.status = TestStatus::todo;
    } else if (!point.ok) {
      test.status = TestStatus::failed;
    } else if (point.directive == Directive::skip) {
      test.status = TestStatus::skipped;
    }
    m_levels.back().tests.push_back(std::move(test));
  }

  /// Ends the innermost level: its tests become those of the level around it, below the title of `parent`.
  void close_level(const Point& parent) {
    const Level level = std::move(m_levels.back());
    m_levels.pop_back();
    check_level(level, fmt::format("subtest '{}'", clean_text(parent.description)));
    const bool explained = parent.ok || parent.directive == Directive::todo ||
                           std::any_of(level.tests.begin(), level.tests.end(), [](const TestCase& test) {
                             return test.status == TestStatus::failed;
                           });
    m_last_test.reset();
    std::vector<TestCase>& tests = m_levels.back().tests;
    if (level.tests.empty() || !explained) {
      add_point(parent);
      m_last_test = tests.size() - 1;
    } else {
      count_point(parent);
    }
    for (TestCase test : level.tests) {
      test.titles.insert(test.titles.begin(), parent.description);
      if (parent.directive == Directive::todo && test.status == TestStatus::failed) {
        test.status = TestStatus::todo;
      }
      tests.push_back(std::move(test));
    }
  }

  void check_level(const Level& level, const std::string& name) {
    if (!level.plan) {
      contradict(fmt::format("{} has no plan: it may be cut", name));
    } else if (*level.plan != level.points) {
      contradict(fmt::format("{} planned {} tests, but has {}", name, *level.plan, level.points));
    }
    if (!level.in_sequence) {
      contradict(fmt::format("{} numbers its tests out of sequence", name));
    }
  }

  RunnerReport m_report;
  std::vector<Level> m_levels;            ///< the outermost first
  std::optional<std::size_t> m_last_test; ///< in the innermost level; none after a parent that does not count
  bool m_bailed_out = false;
  bool m_yaml_may_follow = false;
  bool m_in_yaml = false;
  std::size_t m_yaml_indent = 0;
  std::vector<std::string> m_yaml;
};

} // namespace

Result<RunnerReport> parse_tap(std::string_view text) {
  TRY_ASSIGN(const std::string_view checked, checked_text(text, k_what));
  return Reader().read(checked);
}

} // namespace ctest_matrix
