// The report as JSON, for programs.
#include "base/json.hpp"

#include "base/formats.hpp"
#include "report/report.hpp"

#include <string>

namespace ctest_matrix {

namespace {

Json summary_of(const ProgressSummary& summary) {
  Json columns = Json::array();
  for (const ColumnSummary& column : summary.columns) {
    columns.push_back(Json::object({{"column", column.column},
                                    {"files", column.files},
                                    {"passing", column.passing},
                                    {"failing", column.failing}}));
  }
  Json gaps = Json::array();
  for (const ParityGap& gap : summary.gaps) {
    gaps.push_back(Json::object({{"file", gap.file}, {"passing", gap.passing}, {"failing", gap.failing}}));
  }
  return Json::object({{"columns", std::move(columns)},
                       {"gaps", std::move(gaps)},
                       {"never_run", summary.never_run},
                       {"unknown_rows", summary.unknown_rows},
                       {"dated_in_the_future", summary.ahead},
                       {"duration_ms", summary.duration.count()},
                       {"complete", summary.complete}});
}

Json ages_json(const TickAges& ages) {
  Json stale = Json::array();
  for (const StaleTick& tick : ages.stale) {
    stale.push_back(Json::object({{"cell", tick.cell}, {"changed", tick.changed}}));
  }
  return Json::object({{"stale", std::move(stale)}, {"unknown", ages.unknown}});
}

Json cell_json(const CellStanding& cell) {
  Json json = Json::object({{"cell", cell.cell},
                            {"row", cell.row},
                            {"column", cell.column},
                            {"excluded", cell.excluded},
                            {"ticked", cell.ticked},
                            {"result", nullptr}});
  if (cell.newest) {
    const Record& record = *cell.newest;
    json.set("result", Json::object({{"verdict", verdict_name(record.verdict)},
                                     {"brief", record.brief},
                                     {"finished", format_timestamp(record.finished)},
                                     {"duration_ms", record.duration.count()},
                                     {"passed", record.counts.passed},
                                     {"failed", record.counts.failed},
                                     {"skipped", record.counts.skipped},
                                     {"commit", record.commit},
                                     {"source", record.source},
                                     {"flaky", cell.retried || !cell.wavered.empty()},
                                     {"flaky_tests", cell.wavered}}));
  }
  return json;
}

Json parity_json(const TestParity& parity) {
  Json tests = Json::array();
  for (const RowParity& row : parity.rows) {
    for (const TestGap& gap : row.gaps) {
      tests.push_back(Json::object({{"row", row.row},
                                    {"test", gap.test},
                                    {"passed", gap.passed},
                                    {"failed", gap.failed},
                                    {"skipped", gap.skipped},
                                    {"absent", gap.absent}}));
    }
  }
  Json uncompared = Json::array();
  for (const Uncompared& cell : parity.uncompared) {
    uncompared.push_back(Json::object({{"cell", cell.cell}, {"reason", cell.reason}}));
  }
  return Json::object(
      {{"compared", parity.compared}, {"tests", std::move(tests)}, {"uncompared", std::move(uncompared)}});
}

std::string_view gate_name(Gate gate) {
  switch (gate) {
  case Gate::passed:
    return "passed";
  case Gate::regression:
    return "regression";
  case Gate::blocked:
    return "blocked";
  case Gate::doubtful:
    return "doubtful";
  case Gate::never_run:
    return "never run";
  case Gate::nothing_run:
    break;
  }
  return "nothing run";
}

Json baseline_json(const std::string& file, const BaselineComparison& comparison) {
  Json findings = Json::array();
  for (const Finding& finding : comparison.findings) {
    findings.push_back(Json::object(
        {{"kind", finding_name(finding.kind)},
         {"cell", finding.failure.cell},
         {"test", finding.failure.test},
         {"verdict", finding.failure.verdict ? Json(verdict_name(*finding.failure.verdict)) : Json()},
         {"detail", finding.detail},
         {"known", finding.known},
         {"droppable", finding.droppable},
         {"issue", finding.issue},
         {"issue_link", finding.issue_link},
         {"friction", finding.friction},
         {"infrastructure", finding.infrastructure},
         {"seen_before", finding.seen_before}}));
  }
  return Json::object({{"file", file},
                       {"known", comparison.known},
                       {"droppable", comparison.droppable},
                       {"gate", gate_name(comparison.gate)},
                       {"findings", std::move(findings)}});
}

Json rules_json(std::span<const RuleStanding> rules) {
  Json json = Json::array();
  for (const RuleStanding& rule : rules) {
    json.push_back(Json::object({{"rule", rule.rule},
                                 {"level", rule.level == RuleLevel::error ? "error" : "warn"},
                                 {"reason", rule.reason},
                                 {"state", rule.state == RuleState::kept     ? "kept"
                                           : rule.state == RuleState::broken ? "broken"
                                                                             : "unknown"},
                                 {"brief", rule.brief}}));
  }
  return json;
}

} // namespace

std::string render_report_json(const ProgressReport& report) {
  Json cells = Json::array();
  for (const CellStanding& cell : report.standings) {
    cells.push_back(cell_json(cell));
  }
  const Json json = Json::object(
      {{"version", k_report_format},
       {"matrix", report.matrix},
       {"profile", report.profile},
       {"title", report.title},
       {"config", report.config},
       {"summary", summary_of(report.summary)},
       {"ticks", ages_json(report.ages)},
       {"shares", report.shares},
       {"cells", std::move(cells)},
       {"parity", parity_json(report.parity)},
       {"rules", rules_json(report.rules)},
       {"baseline", report.baseline ? baseline_json(report.baseline_file, *report.baseline) : Json()}});
  return json.dump(2) + "\n";
}

} // namespace ctest_matrix
