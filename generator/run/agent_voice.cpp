// What a run says to a program that reads text: nothing of what passes, a block for each failure, and a last
// line that says how it ended.
#include "base/text.hpp"
#include "plan/verdict.hpp"
#include "run/agent_text.hpp"
#include "run/voice.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_names = 10; // of cells in one line

class AgentVoice : public Voice {
public:
  explicit AgentVoice(const Run& run) : m_run(run) {}

  void begin(const Selection& /*selection*/, std::span<const Record> /*journal*/) override {}

  void set_up_began(const std::string& /*test*/) override {}

  void set_up_ended(const std::string& /*test*/, const std::string& /*outcome*/) override {}

  void cell_began(const Cell& /*cell*/) override {}

  void cell_ended(const Cell& cell, const std::string& /*outcome*/, Results& results) override {
    const Record* const record = results.of(cell.name);
    m_passed += record != nullptr && earns_tick(record->verdict) ? 1 : 0;
  }

  void tick(const std::string& /*set_up*/, const std::string& /*said*/) override {}

  void ctest_ended() override {}

  void probing(const std::string& /*cell*/) override {}

  void interrupted() override { m_again = run_again(m_run); }

  void failed(const FailureNews& news) override {
    std::vector<std::string> more;
    for (std::size_t i = 0; i < news.groups.size(); ++i) {
      const FailureGroup& group = news.groups[i];
      if (i < k_most_failure_blocks) {
        failure(group, news);
      } else {
        more.push_back(group.first->cell);
        more.insert(more.end(), group.others.begin(), group.others.end());
      }
    }
    if (!more.empty()) {
      say(fmt::format("{} failed otherwise: {}\n\n", plural(more.size(), "more cell"),
                      some_names(more, k_names)));
    }
    say(news.ledger_words.empty() ? "" : news.ledger_words.substr(1) + "\n");
    m_failed = news.new_cells;
    m_known = news.known;
    m_not_run = news.outcome.not_run;
    m_uncounted = news.results.uncounted_cells();
    m_uncounted_passes = news.results.uncounted_passes();
  }

  void blocked(std::size_t cells, const std::string& problem) override {
    m_not_run = cells;
    say(fmt::format("SETUP {} did not run\n{}\n", plural(cells, "cell"), agent_lines(problem)));
  }

  void stopped(const StopNews& news) override {
    if (!news.probe.empty()) {
      say(render_probe(news.record.failures.front().test, news.probe) + "\n");
    }
    if (!news.probe_problem.empty()) {
      trouble(news.probe_problem);
    }
    m_again = news.again;
  }

  void trouble(const std::string& message) override { say(fmt::format("error: {}\n", message)); }

  void sum_up(const SuiteNews& news) override {
    for (const std::string& problem : news.problems) {
      say(problem + "\n");
    }
    std::vector<std::string> facts = cells(news);
    for (const auto& [state, words] :
         {std::pair(RuleState::broken, "broken"), std::pair(RuleState::unknown, "that cannot be checked")}) {
      if (const auto rules = rules_that_are(state, news.rules); !rules.empty()) {
        facts.push_back(
            fmt::format("{} {}: {}", plural(rules.size(), "rule"), words, some_names(rules, k_names)));
      }
    }
    const std::string doubts = tick_doubts(news.ages);
    if (!news.disowned.empty()) {
      facts.push_back(fmt::format(
          "not complete: {} whose newest result here is a failure ({}); `{} --stale` runs these",
          plural(news.disowned.size(), "tick"), some_names(news.disowned, k_names), run_again(m_run)));
    } else if (!doubts.empty() && (news.complete || news.selection.cells.empty())) {
      const std::vector<StaleTick>& stale = news.ages.stale;
      const std::string first =
          stale.empty() ? "" : fmt::format(", {}: {}", stale.front().cell, join(stale.front().changed, ", "));
      facts.push_back(
          fmt::format("not complete{}{}; `{} --stale` runs these", doubts, first, run_again(m_run)));
    } else if (news.complete) {
      facts.push_back("ALL TESTS COMPLETE");
    }
    if (news.code != ExitCode::ok && !m_again.empty()) {
      facts.push_back(fmt::format("go on with `{}`", m_again));
    }
    say(agent_result(news.code, news.selection.cells.empty() ? Ran::nothing : Ran::something, facts));
  }

private:
  void failure(const FailureGroup& group, const FailureNews& news) {
    const Record& record = *group.first;
    auto cell = news.results.failed_cell_of(record.cell, news.journal);
    if (!cell || cell->record.id != record.id) {
      cell = FailedCell{.record = record};
    }
    say(agent_failure(*cell) + others_line(group) + "\n");
  }

  std::vector<std::string> cells(const SuiteNews& news) const {
    const std::size_t wanted = news.selection.cells.size();
    std::vector<std::string> facts;
    if (wanted == 0) {
      facts.push_back(news.selection.ticked > 0 ? fmt::format("{} ticked already", news.selection.ticked)
                                                : "no cell was selected");
    }
    const std::size_t not_passed = m_failed + m_known.size() + m_not_run + m_uncounted_passes;
    const auto add = [&](std::size_t count, const std::string& words) {
      if (count > 0) {
        facts.push_back(fmt::format("{} {}", plural(count, "cell"), words));
      }
    };
    add(m_failed, "failed");
    add(m_known.size(), fmt::format("failed as the baseline knows ({})", some_names(m_known, k_names)));
    if (news.code == ExitCode::interrupted) {
      facts.push_back(fmt::format("{} of {} passed", m_passed, plural(wanted, "cell")));
    } else {
      add(wanted - std::min(wanted, not_passed), "passed");
      add(m_not_run, "did not run");
    }
    add(m_uncounted, "ran a part of the tests only, which counts nothing");
    add(news.selection.missing.size(), "that failed there did not run: not here");
    return facts;
  }

  const Run& m_run;
  std::string m_again;
  std::size_t m_passed = 0; ///< cells, as they ended
  std::size_t m_failed = 0;
  std::vector<std::string> m_known;
  std::size_t m_not_run = 0;
  std::size_t m_uncounted = 0; ///< cells that ran only a part of their tests
  std::size_t m_uncounted_passes = 0;
};

} // namespace

std::unique_ptr<Voice> voice_for_agents(const Run& run) {
  return std::make_unique<AgentVoice>(run);
}

} // namespace ctest_matrix
