// What a run says to programs: events, one JSON object in each line. generator/README.md describes them.
#include "base/formats.hpp"
#include "base/json.hpp"
#include "plan/verdict.hpp"
#include "run/agent_text.hpp"
#include "run/event_line.hpp"
#include "run/voice.hpp"

namespace ctest_matrix {

namespace {

Json names_of(std::span<const Cell* const> cells) {
  Json names = Json::array();
  for (const Cell* cell : cells) {
    names.push_back(cell->name);
  }
  return names;
}

Json failures_json(const Record& record) {
  Json failures = Json::array();
  for (const Failure& failure : record.failures) {
    failures.push_back(Json::object({{"test", failure.test},
                                     {"message", failure.message},
                                     {"file", failure.file},
                                     {"line", failure.line}}));
  }
  return failures;
}

std::string_view parity_name(Parity parity) {
  return parity == Parity::only_here ? "only here" : parity == Parity::shared ? "shared" : "unknown";
}

std::string_view kind_name(ProbeResult::Kind kind) {
  return kind == ProbeResult::Kind::passed   ? "passed"
         : kind == ProbeResult::Kind::failed ? "failed"
                                             : "unclear";
}

class MachineVoice : public Voice {
public:
  explicit MachineVoice(const Run& run) : m_run(run) {}

  void begin(const Selection& selection, std::span<const Record> /*journal*/) override {
    tell("begin", {{"matrix", m_run.plan.common.name},
                   {"profile", m_run.plan.common.profile},
                   {"root", m_run.plan.common.places.root.string()},
                   {"logs", (m_run.plan.common.places.state / "logs").string()},
                   {"cells", names_of(selection.cells)},
                   {"ticked", selection.ticked},
                   {"skipped", selection.skipped}});
  }

  void set_up_began(const std::string& test) override { tell("set-up-begin", {{"test", test}}); }

  void set_up_ended(const std::string& test, const std::string& outcome) override {
    tell("set-up-end", {{"test", test}, {"passed", outcome.starts_with("Passed")}, {"outcome", outcome}});
  }

  void cell_began(const Cell& cell) override { tell("cell-begin", {{"cell", cell.name}}); }

  void cell_ended(const Cell& cell, const std::string& outcome, Results& results) override {
    const Record* const record = results.of(cell.name);
    if (record == nullptr) {
      tell("cell-end", {{"cell", cell.name},
                        {"row", cell.row->name},
                        {"column", cell.variant->column},
                        {"verdict", nullptr},
                        {"brief", outcome},
                        {"passed", false}});
      return;
    }
    tell("cell-end", {{"cell", cell.name},
                      {"row", cell.row->name},
                      {"column", cell.variant->column},
                      {"verdict", verdict_name(record->verdict)},
                      {"passed", earns_tick(record->verdict)},
                      {"brief", record->brief},
                      {"duration_ms", record->duration.count()},
                      {"tests_passed", record->counts.passed},
                      {"tests_failed", record->counts.failed},
                      {"tests_skipped", record->counts.skipped},
                      {"flaky", record->flaky},
                      {"known", is_known_failure(m_run, *record)},
                      {"uncounted", results.why_uncounted(cell.name)},
                      {"failures", failures_json(*record)}});
  }

  void tick(const std::string& /*set_up*/, const std::string& /*said*/) override {}

  void ctest_ended() override {}

  void probing(const std::string& /*cell*/) override {}

  void interrupted() override { m_again = run_again(m_run); }

  void failed(const FailureNews& news) override {
    m_not_run = news.outcome.not_run;
    for (const FailureGroup& group : news.groups) {
      auto cell = news.results.failed_cell_of(group.first->cell, news.journal);
      if (!cell || cell->record.id != group.first->id) {
        cell = FailedCell{.record = *group.first};
      }
      const auto& failures = group.first->failures;
      tell("failure",
           {{"cell", group.first->cell},
            {"same", group.others},
            {"parity", parity_name(failures.empty() ? Parity::unknown
                                                    : parity_of(failures.front().test, cell->others))},
            {"narrow", cell->narrowed},
            {"log", cell->log},
            {"service_logs", cell->service_logs},
            {"detail", cell->detail}});
    }
  }

  void blocked(std::size_t cells, const std::string& problem) override {
    m_not_run = cells;
    tell("blocked", {{"cells", cells}, {"problem", problem}});
  }

  void stopped(const StopNews& news) override {
    Json probe = Json::array();
    for (const ProbeResult& result : news.probe) {
      probe.push_back(Json::object(
          {{"column", result.column}, {"result", kind_name(result.kind)}, {"outcome", result.outcome}}));
    }
    m_again = news.again;
    tell("stopped", {{"cell", news.record.cell}, {"probe", std::move(probe)}, {"again", news.again}});
    if (!news.probe_problem.empty()) {
      trouble(news.probe_problem);
    }
  }

  void trouble(const std::string& message) override { tell("error", {{"message", message}}); }

  void sum_up(const SuiteNews& news) override {
    Json stale = Json::array();
    for (const StaleTick& tick : news.ages.stale) {
      stale.push_back(tick.cell);
    }
    tell("end",
         {{"result", end_word(news.code, news.selection.cells.empty() ? Ran::nothing : Ran::something)},
          {"exit_code", static_cast<int>(news.code)},
          {"cells", news.selection.cells.size()},
          {"nothing_ran", news.selection.cells.empty()},
          {"not_run", m_not_run},
          {"missing", news.selection.missing},
          {"complete", news.complete},
          {"stale", std::move(stale)},
          {"unrecorded", news.ages.unrecorded},
          {"rules_broken", rules_that_are(RuleState::broken, news.rules)},
          {"rules_unknown", rules_that_are(RuleState::unknown, news.rules)},
          {"problems", news.problems},
          {"advice", news.advice},
          {"again", m_again}});
  }

private:
  static void tell(std::string_view event, std::initializer_list<Json::Field> fields) {
    say(event_line(event, Json::object(fields)));
  }

  const Run& m_run;
  std::string m_again;
  std::size_t m_not_run = 0;
};

} // namespace

std::unique_ptr<Voice> voice_for_machines(const Run& run) {
  return std::make_unique<MachineVoice>(run);
}

std::string event_line(std::string_view event, Json fields) {
  Json json = Json::object({{"version", k_event_format}, {"event", event}});
  for (Json::Member& member : *fields.as_object()) {
    json.set(member.key, std::move(member.value));
  }
  return json.dump() + "\n";
}

} // namespace ctest_matrix
