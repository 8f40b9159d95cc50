// What a run says to people: the moving line, the failures in full, the summary.
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "plan/names.hpp"
#include "plan/verdict.hpp"
#include "progress/log_line.hpp"
#include "run/live_view.hpp"
#include "run/voice.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <optional>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_take_line_away = "\r\x1b[K";

class PeopleVoice : public Voice {
public:
  explicit PeopleVoice(const Run& run) : m_run(run), m_words(run) {}

  void begin(const Selection& selection, std::span<const Record> journal) override {
    announce(selection);
    std::map<std::string, Milliseconds> known;
    for (const Record& record : journal) {
      if (record.kind == RecordKind::cell && record.verdict == Verdict::pass) {
        known[record.cell] = record.duration;
      }
    }
    std::vector<std::string> names;
    std::ranges::transform(selection.cells, std::back_inserter(names), &Cell::name);
    m_view.emplace(m_run.place.screen, names.size(), Forecast(names, known), system_clock().monotonic());
  }

  void set_up_began(const std::string& /*test*/) override {}

  void set_up_ended(const std::string& test, const std::string& outcome) override {
    // That the checks before everything else went well goes without saying.
    if (test != ready_test(m_run.plan.common.name) || !outcome.starts_with("Passed")) {
      say(m_view->remark(fmt::format("{}: {}", test, outcome), now()));
    }
  }

  void cell_began(const Cell& cell) override {
    fit();
    say(m_view->started(cell.name, now()));
  }

  void cell_ended(const Cell& cell, const std::string& outcome, Results& results) override {
    fit();
    say(m_view->ended(cell.name, m_words(results, cell, outcome), now()));
  }

  void tick(const std::string& set_up, const std::string& said) override {
    fit();
    say(set_up.empty() ? m_view->tick(now()) : m_view->setting_up(set_up, said, now()));
  }

  void ctest_ended() override { say(m_view->finish()); }

  void interrupted() override { say(fmt::format("interrupted; `{}` goes on here\n", run_again(m_run))); }

  void failed(const FailureNews& news) override {
    for (const FailureGroup& group : news.groups) {
      failure(group, news);
    }
    if (m_run.goes_past_known) {
      say(fmt::format("\nAgainst {}: {} as known{}, {}\n", ledger_name(m_run),
                      plural(news.known.size(), "cell") + (news.known.size() == 1 ? " fails" : " fail"),
                      news.known.empty() ? "" : fmt::format(" ({})", join(news.known, ", ")),
                      news.new_cells == 0 ? "nothing new"
                                          : fmt::format("{} new", plural(news.new_cells, "failing cell"))));
    }
    say(news.ledger_words);
    if (news.results.uncounted_cells() > 0) {
      say(fmt::format("\nwith `{}`, {} did not run all tests: boxes and results stay as they were\n",
                      shell_line(m_run.request.handed.arguments),
                      plural(news.results.uncounted_cells(), "cell")));
    }
  }

  void blocked(std::size_t cells, const std::string& problem) override {
    say(fmt::format("\n{} did not run\n{}", plural(cells, "cell"), problem));
  }

  void probing(const std::string& cell) override {
    if (m_run.place.screen.moving) {
      say(cell.empty() ? std::string(k_take_line_away) : fmt::format("{}probing {}", k_take_line_away, cell));
    }
  }

  void stopped(const StopNews& news) override {
    if (!news.probe.empty()) {
      say("\n" + render_probe(news.record.failures.front().test, news.probe));
    }
    if (!news.probe_problem.empty()) {
      trouble(news.probe_problem);
    }
    say(fmt::format("stopped at {}; mend it and say `{}` to go on there\n"
                    "(or --skip {} to leave it out, --keep-going to go past failures)\n",
                    news.record.cell, news.again, news.record.row));
  }

  void trouble(const std::string& message) override { say(fmt::format("error: {}\n", message)); }

  void sum_up(const SuiteNews& news) override {
    say("\n" + render_summary(news.summary));
    for (const std::string& problem : news.problems) {
      say(problem + "\n");
    }
    say(render_ages(news.ages));
    if (!news.ages.stale.empty() || !news.ages.unrecorded.empty()) {
      say(fmt::format("  `{} --stale` runs these again\n", run_again(m_run)));
    }
    say(render_rules(news.rules));
    for (const std::string& advice : news.advice) {
      say(advice + "\n");
    }
    if (const std::size_t missing = news.selection.missing.size(); missing > 0) {
      say(fmt::format("{} that failed there did not run: the matrix does not have {} here\n",
                      plural(missing, "cell"), missing == 1 ? "it" : "them"));
    }
    if (news.says_nothing) {
      say(fmt::format("nothing ran, and {} ha{} no record here: {}\n",
                      plural(news.ages.unrecorded.size(), "tick"),
                      news.ages.unrecorded.size() == 1 ? "s" : "ve", news.ages.unrecorded.front()));
    } else if (!news.disowned.empty()) {
      say(fmt::format("not complete: {} whose newest result here is a failure ({})\n",
                      plural(news.disowned.size(), "tick"), join(news.disowned, ", ")));
    } else if (news.complete) {
      say("ALL TESTS COMPLETE" + tick_doubts(news.ages) + "\n");
    }
  }

private:
  void announce(const Selection& selection) const {
    std::vector<std::string> left_out;
    if (selection.ticked > 0) {
      left_out.push_back(fmt::format("{} ticked already", selection.ticked));
    }
    if (selection.skipped > 0) {
      left_out.push_back(fmt::format("{} skipped by request", selection.skipped));
    }
    say(fmt::format("{}: {} to run{}\n", m_run.plan.common.name, plural(selection.cells.size(), "cell"),
                    left_out.empty() ? "" : fmt::format(" ({})", join(left_out, ", "))));
    if (!selection.cells.empty() && !m_run.plan.common.log_current.empty()) {
      // The link is everybody's: another checkout's run may take it over.
      say(fmt::format("logs: {}\n", (m_run.plan.common.places.state / "logs").string()));
    }
    if (m_run.request.jobs > 1 && !m_run.plan.common.parallel && selection.cells.size() > 1) {
      say(fmt::format("-j{}: the cells still go one after another, as each has the checkout to itself; with "
                      "`parallel: true` in {} they go at once\n",
                      m_run.request.jobs, m_run.place.project.matrix.string()));
    }
  }

  /// With what the other columns have done since the cell ended.
  static void failure(const FailureGroup& group, const FailureNews& news) {
    const Record& record = *group.first;
    const std::string text = news.results.failure_text_of(record.cell, news.journal);
    say(fmt::format("\n--- {} [{}] ---\n{}\n{}", record.row, record.column,
                    text.empty() ? outcome_text(record) : std::string(trim(text)), others_line(group)));
  }

  /// Terminals change their width while a run goes on.
  void fit() {
    if (const std::size_t width = terminal_of(STDOUT_FILENO).width; width > 0) {
      m_view->resize(width);
    }
  }

  static Milliseconds now() { return system_clock().monotonic(); }

  const Run& m_run;
  Words m_words;
  std::optional<LiveView> m_view; ///< from `begin` on
};

} // namespace

std::unique_ptr<Voice> voice_for_people(const Run& run) {
  return std::make_unique<PeopleVoice>(run);
}

std::string tick_doubts(const TickAges& ages) {
  std::vector<std::string> doubts;
  if (!ages.stale.empty()) {
    doubts.push_back(fmt::format("{} older than what they depend on", plural(ages.stale.size(), "tick")));
  }
  if (!ages.unrecorded.empty()) {
    doubts.push_back(fmt::format("{} without a record here", plural(ages.unrecorded.size(), "tick")));
  }
  return doubts.empty() ? "" : fmt::format(" ({})", join(doubts, ", "));
}

void say(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

} // namespace ctest_matrix
