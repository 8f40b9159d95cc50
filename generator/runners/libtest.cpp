#include "runners/libtest.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "runners/dialects.hpp"
#include "runners/skip_reason.hpp"
#include "runners/source_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_what = "output of cargo test";
constexpr std::string_view k_separator = "::";

std::vector<std::string> titles_of(std::string_view name) {
  std::vector<std::string> titles;
  for (std::size_t at = 0;;) {
    const std::size_t end = name.find(k_separator, at);
    titles.emplace_back(name.substr(at, end - at));
    if (end == std::string_view::npos) {
      return titles;
    }
    at = end + k_separator.size();
  }
}

/// The status that a line of a test ends with; nothing where it ends with none.
std::optional<TestStatus> status_of(std::string_view word) {
  if (word == "ok" || word.starts_with("ok <") || word.starts_with("bench:")) {
    return TestStatus::passed;
  }
  if (word == "FAILED" || word.starts_with("FAILED <")) {
    return TestStatus::failed;
  }
  return word == "ignored" || word.starts_with("ignored, ") ? std::optional(TestStatus::skipped)
                                                            : std::nullopt;
}

/// What a program counts in its result.
struct Counts {
  int passed = 0;
  int failed = 0;
  int ignored = 0;
};

class Reader {
public:
  Result<RunnerReport> read(std::string_view text) {
    m_report.writer = k_libtest;
    for (const std::string& raw : split_lines(text)) {
      read_line(strip_ansi(raw));
    }
    if (m_planned) {
      cut();
    }
    if (!m_began) {
      return bad_input(k_what, "it has no line `running N tests`");
    }
    return std::move(m_report);
  }

private:
  void read_line(const std::string& line) {
    static const std::regex k_program(R"(\s*Running (?:unittests )?(\S+\.rs) \(.+\))");
    static const std::regex k_begin(R"(running (\d+) tests?)");
    static const std::regex k_result(
        R"(test result: (ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; \d+ measured; \d+ filtered out.*)");
    std::smatch match;
    if (!m_planned && std::regex_match(line, match, k_program)) {
      m_file = match.str(1);
    } else if (!m_planned && line.starts_with("   Doc-tests ")) {
      m_file.clear();
    } else if (!m_planned && std::regex_match(line, match, k_begin)) {
      begin(leading_number(match.str(1)));
    } else if (m_planned && std::regex_match(line, match, k_result)) {
      end(match.str(1) == "ok", {.passed = leading_number(match.str(2)),
                                 .failed = leading_number(match.str(3)),
                                 .ignored = leading_number(match.str(4))});
    } else if (m_planned) {
      read_test(line);
    }
  }

  void begin(int tests) {
    m_began = true;
    m_planned = tests;
    m_first = m_report.tests.size();
    m_open.reset();
    m_message_of.reset();
    if (!m_file.empty() && std::ranges::find(m_report.files, m_file) == m_report.files.end()) {
      m_report.files.push_back(m_file);
    }
  }

  void read_test(const std::string& line) {
    static const std::regex k_output(R"(---- (.+) stdout ----)");
    std::smatch match;
    if (std::regex_match(line, match, k_output)) {
      m_message_of = match.str(1);
    } else if (m_message_of && line == "failures:") {
      m_message_of.reset();
    } else if (m_message_of) {
      m_messages[*m_message_of] += line + '\n';
    } else if (const std::size_t dots = line.find(" ... ");
               line.starts_with("test ") && dots != std::string::npos) {
      m_open = line.substr(5, dots - 5);
      close(std::string_view(line).substr(dots + 5));
    } else if (m_open) { // what a test printed stands between its name and its end
      close(line);
    }
  }

  /// The end of the test that is open, where the text is one.
  void close(std::string_view text) {
    const auto status = status_of(text);
    if (!status) {
      return;
    }
    std::string name = *std::exchange(m_open, std::nullopt);
    constexpr std::string_view k_panics = " - should panic";
    if (name.ends_with(k_panics)) {
      name.resize(name.size() - k_panics.size());
    }
    TestCase test;
    test.file = m_file;
    test.titles = titles_of(name);
    test.status = *status;
    constexpr std::string_view k_ignored = "ignored, ";
    if (text.starts_with(k_ignored)) {
      test.skip_reason = skip_reason(text.substr(k_ignored.size()));
    }
    m_names.push_back(std::move(name));
    m_report.tests.push_back(std::move(test));
  }

  void end(bool ok, const Counts& counts) {
    int listed_passed = 0;
    int listed_failed = 0;
    for (std::size_t i = m_first; i < m_report.tests.size(); ++i) {
      TestCase& test = m_report.tests[i];
      listed_passed += test.status == TestStatus::passed ? 1 : 0;
      if (test.status == TestStatus::failed) {
        ++listed_failed;
        add_message(test, m_names[i]);
      }
    }
    m_report.says_success &= ok;
    if (counts.failed > listed_failed || counts.passed > listed_passed) {
      contradict(fmt::format("the harness counts {} passed and {} failed, but tells of {} and {}; -q and "
                             "--nocapture hide them",
                             counts.passed, counts.failed, listed_passed, listed_failed));
    }
    forget();
  }

  /// A program ended without its result: a test ended the process, with whatever status.
  void cut() {
    contradict(fmt::format("{} did not tell its result: it ended before its {} had",
                           m_file.empty() ? "the test program" : m_file,
                           plural(static_cast<std::size_t>(*m_planned), "test")));
    forget();
  }

  void forget() {
    m_planned.reset();
    m_open.reset();
    m_message_of.reset();
    m_messages.clear();
  }

  void add_message(TestCase& test, const std::string& name) {
    static const std::regex k_place(R"(thread '.*' (?:\(\d+\) )?panicked at (.+):(\d+):\d+:)");
    std::vector<std::string> kept;
    for (const std::string& line : split_lines(m_messages[name])) {
      std::smatch match;
      if (test.source_line == 0 && std::regex_match(line, match, k_place)) {
        test.source_file = match.str(1);
        test.source_line = leading_number(match.str(2));
        kept.clear(); // what it printed before
      } else if (line == "stack backtrace:" || line.starts_with("note: run with ")) {
        break;
      } else if (!trim(line).empty()) {
        kept.push_back(line);
      }
    }
    if (!kept.empty()) {
      test.messages.push_back(clean_text(join(kept, "\n")));
    }
  }

  void contradict(std::string note) {
    m_report.says_success = false;
    m_report.notes.push_back(std::move(note));
  }

  RunnerReport m_report;
  std::vector<std::string> m_names; ///< of the report's tests, as the harness calls them
  std::string m_file;               ///< of the program that runs; empty: not known
  bool m_began = false;
  std::optional<int> m_planned;            ///< the tests of the program that has not told its result yet
  std::size_t m_first = 0;                 ///< its first test
  std::optional<std::string> m_open;       ///< the test whose end is to come
  std::optional<std::string> m_message_of; ///< the test whose output this is
  std::map<std::string, std::string> m_messages;
};

} // namespace

Result<RunnerReport> parse_libtest(std::string_view text) {
  TRY_ASSIGN(const std::string output, checked_output(text, k_what));
  return Reader().read(output);
}

} // namespace ctest_matrix
