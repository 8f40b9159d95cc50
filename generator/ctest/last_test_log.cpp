#include "ctest/last_test_log.hpp"

#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_log_of_tests = "CTest LastTest.log";
constexpr std::string_view k_rule = "----------------------------------------------------------\n";

enum class Says { passed, failed, nothing };

/// One test's part of the log.
struct Block {
  std::string counter; ///< `3/20`
  bool started = false;
  Says says = Says::nothing;
  std::string before; ///< what CTest wrote in front of it: why it did not run
  bool trailing_text = false;
  CtestResult result;
};

std::string_view line_at(std::string_view text, std::size_t at) {
  return text.substr(at, text.find('\n', at) - at);
}

/// The test's name when the lines `1/2 Testing: NAME` and `1/2 Test: NAME` stand here; empty otherwise.
std::string_view header_at(std::string_view log, std::size_t at, std::string_view& counter) {
  const std::string_view line = line_at(log, at);
  const std::size_t space = line.find(' ');
  counter = line.substr(0, space);
  if (space == std::string_view::npos || counter.find('/') == std::string_view::npos ||
      counter.find_first_not_of("0123456789/") != std::string_view::npos) {
    return {};
  }
  constexpr std::string_view k_testing = " Testing: ";
  if (!line.substr(space).starts_with(k_testing)) {
    return {};
  }
  const std::string_view name = line.substr(space + k_testing.size());
  const std::string second = fmt::format("\n{} Test: {}\nCommand: ", counter, name);
  return log.substr(at + line.size()).starts_with(second) ? name : std::string_view();
}

class Reader {
public:
  explicit Reader(std::string_view log) : m_log(log) {}

  bool read() {
    const std::string_view first = line_at(m_log, 0);
    if (!first.starts_with("Start testing: ") ||
        !m_log.substr(first.size()).starts_with("\n" + std::string(k_rule))) {
      return false;
    }
    m_at = first.size() + 1 + k_rule.size();
    std::string before;
    while (m_at < m_log.size()) {
      std::string_view counter;
      if (const std::string_view name = header_at(m_log, m_at, counter); !name.empty()) {
        read_block(name, counter, std::exchange(before, {}));
        continue;
      }
      const std::string_view line = line_at(m_log, m_at);
      if (line.starts_with("End testing: ")) {
        m_finished = true;
        break;
      }
      m_at += line.size() + 1;
      before += line.empty() ? "" : std::string(line) + "\n";
    }
    distrust_last_block(before);
    return true;
  }

  bool finished() const { return m_finished; }

  std::vector<Block>& blocks() { return m_blocks; }

private:
  /// Text between two tests is CTest's reason for not running the second one; before one that ran, it must be
  /// output of the first one which looked like its end.
  void distrust_last_block(const std::string& text) {
    if (!text.empty() && !m_blocks.empty()) {
      m_blocks.back().trailing_text = true;
    }
  }

  void read_block(std::string_view name, std::string_view counter, std::string before) {
    Block block;
    block.counter = counter;
    block.result.name = name;
    const std::string start_key = fmt::format("\n\"{}\" start time: ", name);
    const std::string end_key = fmt::format("\n\"{}\" end time: ", name);
    const std::string output_key = "\nOutput:\n" + std::string(k_rule);
    const std::size_t start = m_log.find(start_key, m_at);
    const std::size_t output = m_log.find(output_key, start);
    const std::size_t end = m_log.find(end_key, output);
    if (end == std::string_view::npos) {
      block.result.reason = "the log ends before the test does";
      m_blocks.push_back(std::move(block));
      m_at = m_log.size();
      return;
    }
    block.started = !line_at(m_log, start + start_key.size()).empty();
    if (block.started) {
      distrust_last_block(before);
    } else {
      block.before = std::move(before);
    }
    const std::size_t body = output + output_key.size();
    read_body(m_log.substr(body, end - body), block);
    m_blocks.push_back(std::move(block));
    m_at = std::min(m_log.find('\n', end + 1), m_log.size());
    m_at = std::min(m_at + 1, m_log.size());
    const std::string elapsed = fmt::format("\"{}\" time elapsed: ", name);
    if (m_log.substr(m_at).starts_with(elapsed)) {
      m_at += line_at(m_log, m_at).size() + 1;
      m_at += m_at <= m_log.size() && m_log.substr(m_at).starts_with(k_rule) ? k_rule.size() : 0;
    }
  }

  /// `OUTPUT<end of output>`, `Test time =   0.00 sec`, a rule, CTest's word. What looks like that in the
  /// output stands before the real one.
  static void read_body(std::string_view body, Block& block) {
    constexpr std::string_view k_time = "<end of output>\nTest time =";
    const std::size_t tail = body.rfind(k_time);
    if (tail == std::string_view::npos) {
      return;
    }
    block.result.output = printable(body.substr(0, tail));
    const std::string_view time = line_at(body, tail + k_time.size());
    if (block.started) {
      block.result.duration = parse_ctest_seconds(trim(time.substr(0, time.find(" sec"))));
    }
    const std::size_t word_at = body.find(k_rule, tail);
    const std::string_view word =
        word_at == std::string_view::npos ? "" : body.substr(word_at + k_rule.size());
    if (word.starts_with("Test Passed.") || word.starts_with("Test Pass Reason:\n")) {
      block.says = Says::passed;
    } else if (word.starts_with("Test Failed.") || word.starts_with("Test Fail Reason:\n")) {
      block.says = Says::failed;
      const std::size_t reason = word.find('\n');
      block.result.reason =
          word.starts_with("Test Failed.") ? "Failed" : clean_text(trim(word.substr(reason)));
    }
  }

  std::string_view m_log;
  std::size_t m_at = 0;
  bool m_finished = false;
  std::vector<Block> m_blocks;
};

/// The names in `3:NAME` lines.
std::set<std::string> names_in(const std::optional<std::string>& text) {
  std::set<std::string> names;
  for (const std::string& line : split_lines(text.value_or(""))) {
    if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
      names.insert(line.substr(colon + 1));
    }
  }
  return names;
}

/// Of the attempts of one test (same counter) only the last one counts.
std::vector<Block> last_attempts(std::vector<Block> blocks) {
  std::vector<Block> kept;
  for (Block& block : blocks) {
    const auto same = [&](const Block& other) {
      return other.counter == block.counter && other.result.name == block.result.name;
    };
    if (const auto earlier = std::find_if(kept.begin(), kept.end(), same); earlier != kept.end()) {
      *earlier = std::move(block);
    } else {
      kept.push_back(std::move(block));
    }
  }
  return kept;
}

/// Why the passes of this log prove nothing; empty when they do.
std::string why_passes_are_unknown(const std::vector<Block>& blocks, bool finished, bool has_neighbours,
                                   const std::set<std::string>& failed,
                                   const std::set<std::string>& disabled) {
  if (!finished) {
    return "the run did not finish";
  }
  if (!has_neighbours) {
    return "LastTest.log alone calls skipped tests passed";
  }
  std::set<std::string> in_log;
  for (const Block& block : blocks) {
    const std::string& name = block.result.name;
    in_log.insert(name);
    if (block.says == Says::failed && !failed.contains(name)) {
      return "LastTestsFailed.log is not of this run";
    }
    if (!block.started && !failed.contains(name) && !disabled.contains(name)) {
      return "LastTestsFailed.log and LastTestsDisabled.log are not of this run";
    }
  }
  if (!std::includes(in_log.begin(), in_log.end(), failed.begin(), failed.end())) {
    return "LastTestsFailed.log is not of this run";
  }
  if (!std::includes(in_log.begin(), in_log.end(), disabled.begin(), disabled.end())) {
    return "LastTestsDisabled.log is not of this run";
  }
  return {};
}

void judge(Block& block, const std::string& unknown, const std::set<std::string>& failed,
           const std::set<std::string>& disabled) {
  CtestResult& result = block.result;
  if (block.says == Says::nothing) {
    result.reason = result.reason.empty() ? "the log has no result of it" : result.reason;
  } else if (!block.started) {
    result.reason = clean_text(trim(block.before));
    const bool dependency = result.reason.starts_with("Failed test dependencies: ");
    result.status = dependency                       ? CtestStatus::not_run_fixture
                    : disabled.contains(result.name) ? CtestStatus::disabled
                                                     : CtestStatus::not_run;
  } else if (block.says == Says::failed) {
    result.status = CtestStatus::failed;
  } else if (block.trailing_text) {
    result.reason = "its output looks like CTest's own log";
  } else if (!unknown.empty()) {
    result.reason = unknown;
  } else if (failed.contains(result.name)) {
    result.reason = "LastTestsFailed.log names it, LastTest.log calls it passed";
  } else if (disabled.contains(result.name)) {
    result.status = CtestStatus::skipped;
    result.reason = "Skipped";
  } else {
    result.status = CtestStatus::passed;
  }
}

} // namespace

Result<CtestRun> parse_ctest_last_test_log(std::string_view log,
                                           const std::optional<LastTestNeighbours>& neighbours) {
  if (log.size() > k_max_result_bytes) {
    return bad_input(k_log_of_tests, fmt::format("larger than {} bytes", k_max_result_bytes));
  }
  Reader reader(log);
  if (!reader.read()) {
    return bad_input(k_log_of_tests, trim(log).empty() ? "empty" : "does not begin with 'Start testing: '");
  }
  std::vector<Block> blocks = last_attempts(std::move(reader.blocks()));
  const std::set<std::string> failed = names_in(neighbours ? neighbours->failed : std::nullopt);
  const std::set<std::string> disabled = names_in(neighbours ? neighbours->disabled : std::nullopt);
  const std::string unknown =
      why_passes_are_unknown(blocks, reader.finished(), neighbours.has_value(), failed, disabled);

  CtestRun run;
  run.source = CtestSource::last_test_log;
  run.complete = reader.finished();
  std::string content(log);
  for (const std::set<std::string>* const names : {&failed, &disabled}) {
    content += fmt::format("\n{}", fmt::join(*names, "\n"));
  }
  run.identity = ctest_run_identity(run.source, content);
  for (Block& block : blocks) {
    judge(block, unknown, failed, disabled);
    run.results.push_back(std::move(block.result));
  }
  distrust_repeated_names(run.results);
  return run;
}

Result<CtestRun> read_ctest_last_test_log(const std::filesystem::path& log) {
  TRY_ASSIGN(const std::string text, read_regular_file(log, k_max_result_bytes));
  std::error_code error;
  const auto log_time = std::filesystem::last_write_time(log, error);
  constexpr std::string_view k_name = "LastTest";
  const std::string name = log.filename().string();
  if (!name.starts_with(k_name) || log.extension().string().starts_with(".tmp")) {
    return parse_ctest_last_test_log(text, std::nullopt);
  }
  const auto neighbour = [&](std::string_view kind) -> std::optional<std::string> {
    const std::filesystem::path path =
        log.parent_path() / fmt::format("LastTests{}{}", kind, name.substr(k_name.size()));
    std::error_code missing;
    const auto time = std::filesystem::last_write_time(path, missing);
    // CTest writes the last lines of the log after its neighbours; that they belong to it is seen from what
    // they say.
    if (missing || time + std::chrono::seconds(2) < log_time) {
      return std::nullopt;
    }
    Result<std::string> content = read_regular_file(path, k_max_result_bytes);
    return content ? std::optional<std::string>(*std::move(content)) : std::nullopt;
  };
  return parse_ctest_last_test_log(text, LastTestNeighbours{neighbour("Failed"), neighbour("Disabled")});
}

} // namespace ctest_matrix
