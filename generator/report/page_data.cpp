#include "report/page_data.hpp"

#include "base/cut.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cell/failure_report.hpp"
#include "ledger/normalise.hpp"
#include "progress/basis.hpp"
#include "report/cell_history.hpp"
#include "report/cell_mark.hpp"
#include "report/timeline.hpp"
#include "runners/stack_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace ctest_matrix {

namespace {

constexpr int k_page_version = 1;
constexpr std::size_t k_short_commit = 12;

std::int64_t number(TimePoint time) {
  return time.time_since_epoch().count();
}

Json texts(const std::vector<std::string>& values) {
  Json json = Json::array();
  for (const std::string& value : values) {
    json.push_back(printable(value));
  }
  return json;
}

/// The last `limit` bytes, from the begin of a line.
std::string last_part(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return printable(text);
  }
  const std::string_view end = last_bytes(text, limit);
  const std::size_t line = end.find('\n');
  return "…\n" + printable(line == std::string_view::npos ? end : end.substr(line + 1));
}

/// The first `limit` bytes without escape sequences; what is far behind them is not looked at.
std::string first_part(std::string_view text, std::size_t limit) {
  return ellipsis(printable(strip_ansi(first_bytes(text, 4 * limit))), limit);
}

/// Whether a line can be pasted into a shell as it is: what a terminal would take for a command to itself
/// cannot.
bool can_be_pasted(const std::string& line, std::size_t limit) {
  return !line.empty() && line.size() <= limit && printable(line) == line &&
         line.find('\n') == std::string::npos;
}

Json marks_json() {
  Json marks = Json::array();
  for (const MarkLook& look : mark_looks()) {
    marks.push_back(Json::object({{"name", look.name}, {"sign", look.sign}, {"meaning", look.meaning}}));
  }
  return marks;
}

/// `p`, `f`, `s` or `-` for each label.
std::string outcome_letters(const TestLine& line) {
  std::string letters;
  for (const auto& outcome : line.outcomes) {
    letters += !outcome                               ? '-'
               : outcome == TestOutcome::Kind::passed ? 'p'
               : outcome == TestOutcome::Kind::failed ? 'f'
                                                      : 's';
  }
  return letters;
}

/// What differs or fails comes first, and is left out last.
Json tests_json(const RowTests& table, std::size_t limit) {
  std::vector<const TestLine*> lines;
  std::ranges::transform(table.tests, std::back_inserter(lines), [](const TestLine& line) { return &line; });
  const auto tells_nothing = [](const TestLine* line) {
    return !line->differs() && line->outcomes.front() != TestOutcome::Kind::failed;
  };
  std::ranges::stable_sort(lines, {}, tells_nothing);
  Json tests = Json::array();
  for (std::size_t i = 0; i < lines.size() && i < limit; ++i) {
    tests.push_back(Json::array({printable(lines[i]->test), outcome_letters(*lines[i])}));
  }
  return Json::object(
      {{"labels", texts(table.labels)}, {"tests", std::move(tests)}, {"count", lines.size()}});
}

Json rows_json(const PageInput& input, const PageLimits& limits) {
  std::map<std::string, Json> tables;
  for (const RowTests& table : tabulate_tests(input.report.standings)) {
    tables.emplace(table.row, tests_json(table, limits.tests));
  }
  Json rows = Json::array();
  for (const PageRow& row : input.rows) {
    const auto table = tables.find(row.name);
    rows.push_back(Json::object({{"name", printable(row.name)},
                                 {"suite", printable(row.suite)},
                                 {"label", printable(row.label)},
                                 {"excluded", printable(row.excluded)},
                                 {"place", printable(row.place)},
                                 {"tests", table == tables.end() ? Json() : std::move(table->second)}}));
  }
  return rows;
}

/// What the other cells of the row say about its tests.
std::vector<Record> others_of(const CellStanding& cell, std::span<const CellStanding> standings) {
  std::vector<Record> others;
  for (const CellStanding& other : standings) {
    if (other.row == cell.row && other.column != cell.column && other.newest &&
        other.newest->verdict != Verdict::setup && of_same_sources(*cell.newest, *other.newest)) {
      others.push_back(*other.newest);
    }
  }
  return others;
}

/// What the ledger and the friction log say of the failure that `is_it` is true of; null: there is no ledger.
template <typename Predicate>
Json known_json(const ProgressReport& report, const Predicate& is_it) {
  for (const Finding& finding :
       report.baseline ? std::span<const Finding>(report.baseline->findings) : std::span<const Finding>()) {
    const bool fails = is_regression(finding.kind) || finding.kind == FindingKind::still_failing;
    if (fails && is_it(finding.failure)) {
      return Json::object({{"state", finding_name(finding.kind)},
                           {"issue", printable(finding.issue)},
                           {"link", finding.issue_link},
                           {"friction", printable(finding.friction)},
                           {"infrastructure", printable(finding.infrastructure)},
                           {"seen", printable(finding.seen_before)}});
    }
  }
  return {};
}

Json failures_json(const CellStanding& cell, const ProgressReport& report,
                   const std::vector<std::string>& excerpts, const PageLimits& limits) {
  const std::span<const CellStanding> standings = report.standings;
  Json failures = Json::array();
  const Record& record = *cell.newest;
  const std::vector<Record> others = others_of(cell, standings);
  for (std::size_t i = 0; i < record.failures.size() && i < limits.failures; ++i) {
    const Failure& failure = record.failures[i];
    Json json = Json::object(
        {{"test", printable(failure.test)},
         {"message", first_part(fold_frames(trim(failure.message)), limits.message)},
         // The same of columns that fail alike.
         {"kind", fingerprint(normalise_message(failure.message, Numbers::kept))},
         {"place", failure.file.empty() ? "" : printable(fmt::format("{}:{}", failure.file, failure.line))},
         {"elsewhere", record.counted ? printable(elsewhere_words(failure.test, others)) : ""}});
    if (i < excerpts.size() && !excerpts[i].empty()) {
      json.set("excerpt", first_part(excerpts[i], limits.message));
    }
    const auto is_it = [&](const CellFailure& known) {
      return known.cell == cell.cell && known.test == failure.test && !known.verdict;
    };
    if (Json known = known_json(report, is_it); !known.is_null()) {
      json.set("known", std::move(known));
    }
    failures.push_back(std::move(json));
  }
  return failures;
}

Json result_json(const CellStanding& cell) {
  const Record& record = *cell.newest;
  Json axes = Json::object();
  for (const auto& [axis, value] : record.axes) {
    axes.set(axis, value);
  }
  Json json = Json::object({{"verdict", verdict_name(record.verdict)},
                            {"brief", printable(record.brief)},
                            {"finished", number(record.finished)},
                            {"duration", record.duration.count()},
                            {"counted", record.counted && record.counts != Counts{}},
                            {"passed", record.counts.passed},
                            {"failed", record.counts.failed},
                            {"skipped", record.counts.skipped},
                            {"commit", printable(record.commit)},
                            {"source", printable(record.source)},
                            {"axes", std::move(axes)},
                            {"traced", !record.basis.empty()}});
  for (const auto& [name, titles] :
       {std::pair("services", &record.services), std::pair("restarted", &record.restarted)}) {
    if (!titles->empty()) {
      json.set(name, texts(*titles));
    }
  }
  if (record.leaked > 0) {
    json.set("leaked", record.leaked);
  }
  return json;
}

Json history_json(const CellHistory& history, std::size_t limit) {
  Json runs = Json::array();
  const std::size_t count = history.runs.size();
  for (std::size_t i = count > limit ? count - limit : 0; i < count; ++i) {
    const CellRun& run = history.runs[i];
    runs.push_back(Json::array({number(run.finished), run.duration.count(), verdict_name(run.verdict),
                                run.retried ? 1 : 0, printable(run.commit).substr(0, k_short_commit)}));
  }
  return Json::object({{"count", count},
                       {"told", history.told},
                       {"passed", history.passed},
                       {"flaky", history.flaky},
                       {"runs", std::move(runs)}});
}

Json cells_json(const PageInput& input, const PageLimits& limits) {
  const auto histories = find_histories(input.report.journal.records, input.plan);
  Json cells = Json::array();
  for (const CellStanding& cell : input.report.standings) {
    const CellMark mark = mark_of(cell);
    Json json = Json::object({{"cell", printable(cell.cell)},
                              {"row", printable(cell.row)},
                              {"label", printable(cell.label)},
                              {"column", printable(cell.column)},
                              {"ticked", cell.ticked},
                              {"mark", look_of(mark).name}});
    if (!cell.stale.empty()) {
      json.set("stale", texts(cell.stale));
    }
    if (!cell.wavered.empty()) {
      json.set("wavered", texts(cell.wavered));
    }
    if (cell.newest) {
      json.set("result", result_json(cell));
    }
    if (mark == CellMark::failed || mark == CellMark::blocked) {
      const auto left = input.evidence.find(cell.cell);
      json.set("failures", failures_json(cell, input.report,
                                         left == input.evidence.end() ? std::vector<std::string>()
                                                                      : left->second.excerpts,
                                         limits));
      json.set("failure_count", cell.newest->failures.size());
      const auto is_it = [&](const CellFailure& known) { return known.cell == cell.cell && known.verdict; };
      if (Json known = known_json(input.report, is_it); !known.is_null()) {
        json.set("known", std::move(known));
      }
      if (can_be_pasted(cell.newest->command, limits.command)) {
        json.set("command", cell.newest->command);
      }
      if (left != input.evidence.end()) {
        json.set("narrowed",
                 can_be_pasted(left->second.narrowed, limits.command) ? left->second.narrowed : "");
        json.set("log", printable(left->second.log));
        json.set("tail", last_part(left->second.tail, limits.tail));
      }
    }
    if (const auto found = histories.find(cell.cell); found != histories.end()) {
      json.set("history", history_json(found->second, limits.history));
    }
    cells.push_back(std::move(json));
  }
  return cells;
}

std::string_view kind_name(TimelineBar::Kind kind) {
  switch (kind) {
  case TimelineBar::Kind::cell:
    return "cell";
  case TimelineBar::Kind::artifact:
    return "artifact";
  case TimelineBar::Kind::service:
    break;
  }
  return "service";
}

std::size_t count_bars(const TimelineStretch& stretch) {
  std::size_t count = 0;
  for (const TimelineLane& lane : stretch.lanes) {
    count += lane.bars.size();
  }
  return count;
}

Json stretch_json(const TimelineStretch& stretch, std::size_t& bars_left) {
  Json lanes = Json::array();
  for (const TimelineLane& lane : stretch.lanes) {
    Json bars = Json::array();
    for (const TimelineBar& bar : lane.bars) {
      if (bars_left == 0) {
        break;
      }
      --bars_left;
      Json json = Json::object({{"kind", kind_name(bar.kind)},
                                {"name", printable(bar.name)},
                                {"begin", number(bar.begin)},
                                {"end", number(bar.end)},
                                {"verdict", verdict_name(bar.verdict)}});
      if (!bar.problem.empty()) {
        json.set("problem", printable(bar.problem));
      }
      bars.push_back(std::move(json));
    }
    lanes.push_back(Json::object({{"name", printable(lane.name)}, {"bars", std::move(bars)}}));
  }
  return Json::object({{"begin", number(stretch.begin)},
                       {"end", number(stretch.end)},
                       {"count", count_bars(stretch)},
                       {"lanes", std::move(lanes)}});
}

/// The newest first.
Json timeline_json(const PageInput& input, const PageLimits& limits) {
  const std::vector<TimelineStretch> stretches = make_timeline(input.report.journal.records, input.plan);
  std::size_t bars_left = limits.bars;
  Json shown = Json::array();
  for (auto stretch = stretches.rbegin();
       stretch != stretches.rend() && shown.size() < limits.stretches && bars_left > 0; ++stretch) {
    shown.push_back(stretch_json(*stretch, bars_left));
  }
  return Json::object({{"count", stretches.size()}, {"stretches", std::move(shown)}});
}

Json page_summary(const ProgressReport& report) {
  Json columns = Json::array();
  for (const ColumnSummary& column : report.summary.columns) {
    columns.push_back(Json::object({{"column", printable(column.column)},
                                    {"files", column.files},
                                    {"passing", column.passing},
                                    {"failing", texts(column.failing)}}));
  }
  return Json::object({{"columns", std::move(columns)},
                       {"unknown_rows", texts(report.summary.unknown_rows)},
                       {"duration", report.summary.duration.count()},
                       {"complete", report.summary.complete},
                       {"untraced", report.ages.unknown},
                       {"unreadable", report.journal.unreadable}});
}

/// Of the rules that are not kept.
Json page_rules(std::span<const RuleStanding> rules) {
  Json broken = Json::array();
  for (const RuleStanding& rule : rules) {
    if (rule.state != RuleState::kept) {
      broken.push_back(Json::array({printable(rule_words(rule)), printable(rule.reason)}));
    }
  }
  return broken;
}

Json page_parity(const TestParity& parity) {
  Json uncompared = Json::array();
  for (const Uncompared& cell : parity.uncompared) {
    uncompared.push_back(Json::array({printable(cell.cell), printable(cell.reason)}));
  }
  return Json::object({{"compared", parity.compared}, {"uncompared", std::move(uncompared)}});
}

} // namespace

PageLimits PageLimits::divided_by(std::size_t divisor) const {
  const auto part = [&](std::size_t value) { return std::max<std::size_t>(value / divisor, 1); };
  return {part(tail),  part(message), part(command),   part(failures),
          part(tests), part(history), part(stretches), part(bars)};
}

std::size_t least_size(const PageInput& input, const PageLimits& limits) {
  std::size_t size = 0;
  for (const CellStanding& cell : input.report.standings) {
    const std::vector<Failure> none;
    const std::vector<Failure>& failures = cell.newest ? cell.newest->failures : none;
    for (std::size_t i = 0; i < failures.size() && i < limits.failures; ++i) {
      size += std::min(failures[i].message.size(), limits.message);
    }
    const auto found = input.evidence.find(cell.cell);
    size += found == input.evidence.end() ? 0 : std::min(found->second.tail.size(), limits.tail);
  }
  return size;
}

std::string page_json(const PageInput& input, const PageLimits& limits) {
  const ProgressReport& report = input.report;
  const Json json = Json::object({{"version", k_page_version},
                                  {"title", printable(report.title)},
                                  {"matrix", printable(report.matrix)},
                                  {"file", printable(input.matrix)},
                                  {"options", printable(input.options)},
                                  {"ctest", printable(input.ctest)},
                                  {"profile", printable(report.profile)},
                                  {"config", printable(report.config)},
                                  {"prefix", printable(input.prefix)},
                                  {"now", number(input.now)},
                                  {"generated", format_timestamp(input.now)},
                                  {"columns", texts(report.columns)},
                                  {"marks", marks_json()},
                                  {"summary", page_summary(report)},
                                  {"rules", page_rules(report.rules)},
                                  {"rows", rows_json(input, limits)},
                                  {"cells", cells_json(input, limits)},
                                  {"parity", page_parity(report.parity)},
                                  {"timeline", timeline_json(input, limits)}});
  return json.dump();
}

} // namespace ctest_matrix
