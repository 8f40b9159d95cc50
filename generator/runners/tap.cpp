#include "runners/tap.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "runners/tap_lines.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_tap_report = "tap report";
constexpr std::size_t k_indent = 4;
constexpr std::size_t k_max_depth = 64;

/// What a test point stands for.
enum class Kind {
  test,
  parent,      ///< a subtest that failed although none of its tests did
  empty_suite, ///< a `describe` without a test
  unmatched,   ///< left out by the filter, and listed all the same
};

struct Entry {
  TestCase test;
  Kind kind = Kind::test;
  bool ok = true;          ///< what the point says before any directive
  std::string directive{}; ///< as it would stand in a title: ` # skip reason`
  bool explained = false;  ///< a YAML block stands behind it
};

/// One level of indentation, from its first line to the test point of its parent, or to its `}`.
struct Level {
  std::optional<TapPlan> plan;
  int points = 0;
  int last_number = 0;
  std::set<int> numbers;
  std::optional<int> twice; ///< a number that stands there twice
  bool strict = false;      ///< by `pragma +strict`: what is no TAP is a failure
  std::vector<Entry> entries;
  std::optional<TapPoint> parent; ///< of a level in braces, which come after their parent
};

class TapReader {
public:
  explicit TapReader(TapStream stream) : m_stream(stream) {}

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
        return bad_input(k_tap_report, fmt::format("nested more than {} levels deep", k_max_depth));
      }
    }
    if (!m_bailed_out && m_levels.size() == 1 && !m_levels.front().plan && m_levels.front().points == 0) {
      return bad_input(k_tap_report, "no plan and no test: not TAP");
    }
    end(text);
    return std::move(m_report);
  }

private:
  void contradict(std::string note) {
    m_report.says_success = false;
    m_report.notes.push_back(std::move(note));
  }

  void end(std::string_view text) {
    end_comments();
    if (m_in_yaml) {
      contradict("the last YAML block has no end: the report is cut");
    }
    if (!text.ends_with('\n')) {
      contradict("the last line has no end: the report is cut");
    }
    while (m_levels.size() > 1) {
      close_orphan(": the report is cut");
    }
    Level& top = m_levels.front();
    check_level(top, "the report");
    check_failures(top);
    if (top.plan && top.points == 0) {
      m_report.skipped_whole = top.plan->skipped;
    }
    for (Entry& entry : top.entries) {
      if (entry.kind == Kind::parent) {
        m_report.file_failures.push_back({.file = "",
                                          .message = join(entry.test.messages, "\n"),
                                          .title = join_titles(entry.test.titles),
                                          .source_file = entry.test.source_file,
                                          .source_line = entry.test.source_line});
      } else if (entry.kind == Kind::unmatched) {
        ++m_report.unmatched;
      } else if (entry.kind == Kind::test) {
        m_report.tests.push_back(std::move(entry.test));
      }
    }
  }

  /// A summary at the end that counts failures where none is listed: writers do not escape `#`, so that a
  /// failed test may look like one that was skipped, or is still to do. ava counts what is to do, too, and
  /// has nothing to explain about it.
  void check_failures(Level& top) {
    const auto is_excused = [](const Entry& entry) {
      return !entry.ok && entry.test.status != TestStatus::failed;
    };
    const bool has_failure = std::ranges::any_of(top.entries, [](const Entry& entry) {
      return entry.kind == Kind::parent || entry.test.status == TestStatus::failed;
    });
    if (m_told_failures == 0 || has_failure) {
      return;
    }
    if (std::ranges::none_of(top.entries, is_excused)) {
      contradict(fmt::format("its summary counts {}, and none is listed",
                             plural(static_cast<std::size_t>(m_told_failures), "failed test")));
    }
    for (Entry& entry : top.entries) {
      if (is_excused(entry) && !entry.directive.empty() &&
          (entry.test.status == TestStatus::skipped || entry.explained)) {
        fail(entry);
      }
    }
  }

  bool read_line(std::string_view line) {
    const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    if (m_in_yaml) {
      read_yaml(line, spaces);
      return true;
    }
    const std::string_view content = line.substr(spaces);
    if (is_tap_bail_out(content)) {
      end_comments();
      m_bailed_out = true;
      contradict(clean_text(trim(content)));
      return true;
    }
    if (content == "---" && m_yaml_may_follow && spaces > 0) {
      m_in_yaml = true;
      m_comments_may_follow = false;
      m_yaml_indent = spaces;
      m_yaml.clear();
      return true;
    }
    const bool after_point = m_yaml_may_follow;
    m_yaml_may_follow = false;
    if (const auto failures = parse_tap_failures(content); failures && spaces == 0) {
      end_comments();
      m_told_failures = *failures;
      return true;
    }
    if (read_comment(content)) {
      return true;
    }
    if (spaces % k_indent != 0) {
      read_other(content, spaces / k_indent);
      return true;
    }
    const std::size_t depth = spaces / k_indent;
    if (trim(content) == "}" || trim(content) == "{") {
      read_brace(trim(content).front(), depth, after_point);
      return true;
    }
    const std::optional<TapPlan> plan = parse_tap_plan(content);
    const std::optional<TapPoint> point = parse_tap_point(content);
    if (depth > k_max_depth && (plan || point)) {
      return false;
    }
    if (plan) {
      go_to(depth, depth + 1);
      add_plan(*plan);
    } else if (point) {
      go_to(depth, depth + 2);
      read_point(*point, depth);
    } else {
      read_other(content, depth);
    }
    return true;
  }

  /// A comment that belongs to the test point before it. Node announces the next one by a comment.
  bool read_comment(std::string_view content) {
    if (!m_comments_may_follow || !content.starts_with('#') || content.starts_with("# Subtest: ")) {
      end_comments();
      return false;
    }
    m_comments.emplace_back(content.substr(content.starts_with("# ") ? 2 : 1));
    return true;
  }

  void end_comments() {
    m_comments_may_follow = false;
    if (m_comments.empty() || !m_last_entry) {
      m_comments.clear();
      return;
    }
    Entry& entry = m_levels.back().entries[*m_last_entry];
    if (entry.test.status != TestStatus::failed && is_bats_failure(m_comments.front())) {
      fail(entry);
    }
    if (entry.test.status == TestStatus::failed && entry.test.messages.empty()) {
      apply_tap_comments(m_comments, entry.test);
    }
    m_comments.clear();
  }

  /// What looked like a directive is a part of the title.
  static void fail(Entry& entry) {
    entry.test.status = TestStatus::failed;
    entry.test.titles.back() += entry.directive;
    entry.test.skip_reason.clear();
  }

  /// A line that is no part of a plan or a test point. A pragma holds for its own level and those in it.
  void read_other(std::string_view content, std::size_t depth) {
    const std::string_view line = trim(content);
    const auto point = m_stream == TapStream::alone ? parse_tap_point(line) : std::nullopt;
    if (point && point->number > 0 && !point->ok && point->directive == TapDirective::none) {
      contradict(fmt::format("a failed test stands in no subtest, its indentation is none: {}",
                             ellipsis(clean_text(line), 100)));
    }
    if (line == "pragma +strict" || line == "pragma -strict") {
      if (depth <= m_levels.size()) {
        go_to(depth, depth + 1);
        m_levels.back().strict = line == "pragma +strict";
      }
    } else if (m_levels[std::min(depth, m_levels.size() - 1)].strict && m_stream == TapStream::alone &&
               !is_tap_filler(line)) {
      contradict(fmt::format("`pragma +strict` forbids what is no TAP: {}", ellipsis(clean_text(line), 100)));
    }
  }

  /// Ends what is deeper than `most` levels, and braces that are still open at this depth; makes the levels
  /// down to it.
  void go_to(std::size_t depth, std::size_t most) {
    while (m_levels.size() > most || (m_levels.size() > depth + 1 && m_levels.back().parent)) {
      if (m_levels.size() == most && m_levels.back().parent && m_levels.back().points > 0) {
        make_title();
      } else {
        close_orphan("");
      }
    }
    while (m_levels.size() < depth + 1) {
      open_level();
    }
  }

  Level& open_level() {
    const bool strict = m_levels.back().strict;
    Level& level = m_levels.emplace_back();
    level.strict = strict;
    return level;
  }

  void read_point(const TapPoint& point, std::size_t depth) {
    if (m_levels.size() == depth + 2) {
      close_level(point);
    } else if (point.opens) {
      open_level().parent = point;
      return;
    } else {
      add_point(point);
    }
    m_last_point = point;
    m_yaml_may_follow = true;
    m_comments_may_follow = !point.ok;
  }

  /// `}` ends the subtest of the point that is as deep; `{` may stand in a line of its own, behind the YAML
  /// block.
  void read_brace(char brace, std::size_t depth, bool after_point) {
    if (brace == '{') {
      Level& level = m_levels.back();
      if (after_point && m_levels.size() == depth + 1 && m_last_entry &&
          *m_last_entry + 1 == level.entries.size()) {
        level.entries.pop_back();
        forget(m_last_point);
        open_level().parent = m_last_point;
      }
      return;
    }
    if (depth + 2 > m_levels.size() || !m_levels[depth + 1].parent) {
      return; // not ours: something that the tests printed
    }
    while (m_levels.size() > depth + 2) {
      close_orphan("");
    }
    const TapPoint parent = *m_levels.back().parent;
    close_level(parent);
    m_last_point = parent;
    m_yaml_may_follow = true;
  }

  void read_yaml(std::string_view line, std::size_t spaces) {
    if (line.substr(spaces) != "..." || spaces != m_yaml_indent) {
      m_yaml.emplace_back(line.substr(std::min(spaces, m_yaml_indent)));
      return;
    }
    m_in_yaml = false;
    m_yaml_may_follow = true; // for a `{`
    if (!m_last_entry) {
      return;
    }
    Entry& entry = m_levels.back().entries[*m_last_entry];
    entry.explained = true;
    apply_tap_yaml(m_yaml, entry.test);
    if (entry.kind == Kind::test && tap_yaml_value(m_yaml, "type") == "suite") {
      entry.kind = entry.test.status == TestStatus::failed ? Kind::parent : Kind::empty_suite;
    }
  }

  void add_plan(const TapPlan& plan) {
    Level& level = m_levels.back();
    if (level.plan) {
      contradict("a second plan");
    }
    level.plan = plan;
  }

  void count_point(const TapPoint& point) {
    Level& level = m_levels.back();
    ++level.points;
    level.last_number = point.number == 0 ? level.last_number + 1 : point.number;
    if (!level.numbers.insert(level.last_number).second) {
      level.twice = level.last_number;
    }
  }

  void forget(const TapPoint& point) {
    Level& level = m_levels.back();
    --level.points;
    level.numbers.erase(level.last_number);
    level.last_number = point.number == 0 ? level.last_number - 1 : level.last_number;
  }

  void add_point(const TapPoint& point, Kind kind = Kind::test) {
    count_point(point);
    Entry entry{.test = {}, .kind = kind, .ok = point.ok};
    entry.test.titles.push_back(point.description);
    entry.test.duration = point.duration;
    if (point.directive != TapDirective::none) {
      entry.directive =
          fmt::format(" # {} {}", point.directive == TapDirective::todo ? "todo" : "skip", point.reason);
      entry.directive.resize(trim(entry.directive).size() + 1); // without the space where no reason follows
    }
    if (point.directive == TapDirective::unmatched) {
      entry.kind = Kind::unmatched;
      entry.test.status = TestStatus::skipped;
    } else if (point.directive == TapDirective::todo) {
      entry.test.status = TestStatus::todo;
    } else if (point.directive == TapDirective::skip) {
      entry.test.status = TestStatus::skipped;
      entry.test.skip_reason = point.reason;
    } else if (!point.ok) {
      entry.test.status = TestStatus::failed;
    }
    m_levels.back().entries.push_back(std::move(entry));
    m_last_entry = m_levels.back().entries.size() - 1;
  }

  /// What opened the innermost level was a test whose title ends with a brace: what is in the level belongs
  /// to the test point that comes now.
  void make_title() {
    Level level = std::move(m_levels.back());
    m_levels.pop_back();
    TapPoint point = *std::exchange(level.parent, std::nullopt);
    point.description += " {";
    add_point(point);
    m_levels.push_back(std::move(level));
    m_last_entry.reset();
  }

  /// Ends the innermost level, which has no parent, or no `}`.
  void close_orphan(std::string_view end) {
    const Level& level = m_levels.back();
    if (level.parent && level.points == 0 && !level.plan) { // a title that ends with a brace
      TapPoint point = *level.parent;
      point.description += " {";
      m_levels.pop_back();
      add_point(point);
      return;
    }
    contradict(fmt::format("a subtest has no {}{}", level.parent ? "end" : "parent", end));
    close_level(level.parent ? *level.parent : TapPoint{.ok = true});
  }

  /// Ends the innermost level: its tests become those of the level around it, below the title of `parent`.
  void close_level(TapPoint parent) {
    Level level = std::move(m_levels.back());
    m_levels.pop_back();
    check_level(level, fmt::format("subtest '{}'", clean_text(parent.description)));
    m_last_entry.reset();
    if (level.plan && level.plan->skipped && parent.ok && parent.directive == TapDirective::none) {
      parent.directive = TapDirective::skip;
      parent.reason = *level.plan->skipped;
    }
    const bool excused = parent.ok || parent.directive != TapDirective::none ||
                         std::any_of(level.entries.begin(), level.entries.end(), [](const Entry& entry) {
                           return entry.test.status == TestStatus::failed;
                         });
    if (level.entries.empty()) {
      add_point(parent);
    } else if (!excused) {
      add_point(parent, Kind::parent);
    } else {
      count_point(parent);
    }
    for (Entry& entry : level.entries) {
      entry.test.titles.insert(entry.test.titles.begin(), parent.description);
      if (entry.test.status == TestStatus::failed && parent.directive == TapDirective::todo) {
        entry.test.status = TestStatus::todo;
        entry.kind = Kind::test;
      }
      m_levels.back().entries.push_back(std::move(entry));
    }
  }

  void check_level(const Level& level, const std::string& name) {
    if (!level.plan) {
      contradict(fmt::format("{} has no plan: it may be cut", name));
    } else if (level.plan->tests != level.points) {
      contradict(fmt::format("{} planned {} tests, but has {}{}", name, level.plan->tests, level.points,
                             level.points < level.plan->tests ? ": it is cut" : ""));
    } else if (!level.numbers.empty() && *level.numbers.rbegin() > level.plan->tests) {
      contradict(fmt::format("{} has a test {} outside of its plan 1..{}", name, *level.numbers.rbegin(),
                             level.plan->tests));
    }
    if (level.twice) {
      contradict(fmt::format("{} has the test {} twice", name, *level.twice));
    }
  }

  TapStream m_stream;
  RunnerReport m_report;
  std::vector<Level> m_levels; ///< the outermost first
  std::optional<std::size_t>
      m_last_entry; ///< in the innermost level; none after a parent that does not count
  TapPoint m_last_point;
  bool m_bailed_out = false;
  bool m_yaml_may_follow = false;
  bool m_comments_may_follow = false;
  std::vector<std::string> m_comments;
  int m_told_failures = 0; ///< by the summary at the end
  bool m_in_yaml = false;
  std::size_t m_yaml_indent = 0;
  std::vector<std::string> m_yaml;
};

/// The text without the `ok` that `prove -v` puts behind the stream of a script that passed: it is a test
/// point to look at, and none of the stream's. It is the last line before prove's own summary.
std::string without_proves_ok(std::string_view text) {
  constexpr std::string_view k_own = "\nok\nAll tests successful.\n";
  const std::size_t at = text.rfind(k_own);
  const std::size_t summary = at == std::string_view::npos ? at : at + k_own.size();
  if (at == std::string_view::npos || !text.substr(summary).starts_with("Files=")) {
    return std::string(text);
  }
  return std::string(text.substr(0, at + 1)) + std::string(text.substr(at + 4));
}

/// Whether a description of vitest's `tap-flat` begins with the path of a test file.
bool begins_with_script(std::string_view description) {
  const std::string_view path = description.substr(0, description.find(" > "));
  const std::size_t dot = path.rfind('.');
  constexpr std::string_view k_endings[] = {"js", "ts", "jsx", "tsx", "mjs", "cjs", "mts", "cts"};
  return path.size() < description.size() && path.find(' ') == std::string_view::npos &&
         dot != std::string_view::npos &&
         std::find(std::begin(k_endings), std::end(k_endings), path.substr(dot + 1)) != std::end(k_endings);
}

/// `tests/a.test.js > outer > title`: the file, then all titles in one.
void read_flat(RunnerReport& report) {
  const bool flat = !report.tests.empty() &&
                    std::all_of(report.tests.begin(), report.tests.end(), [](const TestCase& test) {
                      return test.titles.size() == 1 && begins_with_script(test.titles.front());
                    });
  for (TestCase& test : report.tests) {
    if (flat) {
      const std::string all = test.titles.front();
      const std::size_t end = all.find(" > ");
      test.file = all.substr(0, end);
      test.separator = " > ";
      test.joined = all.substr(end + test.separator.size());
      test.titles = split_titles(test.joined, test.separator);
      if (std::find(report.files.begin(), report.files.end(), test.file) == report.files.end()) {
        report.files.push_back(test.file);
      }
    }
  }
}

/// QtTest tells of what it calls at the begin and at the end as of tests, whether the class has such
/// functions or not.
void leave_out_qts_functions(RunnerReport& report) {
  const auto is_called = [](const TestCase& test, std::string_view name) {
    return test.titles.size() == 1 && test.titles.front() == name && test.status == TestStatus::passed;
  };
  constexpr std::string_view k_begin = "initTestCase()";
  constexpr std::string_view k_end = "cleanupTestCase()";
  if (report.tests.size() > 1 && is_called(report.tests.front(), k_begin) &&
      is_called(report.tests.back(), k_end)) {
    report.tests.pop_back();
    report.tests.erase(report.tests.begin());
  }
}

} // namespace

Result<RunnerReport> parse_tap(std::string_view text, TapStream stream) {
  TRY_ASSIGN(const std::string output, checked_output(text, k_tap_report));
  const std::string own = without_proves_ok(output);
  TRY_ASSIGN(RunnerReport report, TapReader(stream).read(own));
  read_flat(report);
  leave_out_qts_functions(report);
  return report;
}

} // namespace ctest_matrix
