#include "progress/ctest_records.hpp"

#include "base/text.hpp"
#include "ctest/evidence.hpp"
#include "plan/identity.hpp"
#include "plan/names.hpp"
#include "plan/verdict_line.hpp"
#include "progress/cell_record.hpp"
#include "progress/disagreement.hpp"
#include "progress/setup_reason.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr Milliseconds k_slack =
    std::chrono::seconds(61); ///< between the files that CTest writes at the end of one run

struct Judged {
  const CtestResult* result = nullptr;
  std::string name; ///< of the cell: without the prefix
  CtestEvidence evidence;
};

std::vector<Judged> judge_all(const Plan& plan, const CtestRun& run) {
  std::vector<Judged> all;
  for (const CtestResult& result : run.results) {
    if (const auto name = cell_of_test(plan.common.places, result.name)) {
      const Cell* cell = find_cell(plan, *name);
      const Milliseconds timeout = std::chrono::seconds(cell == nullptr ? 0 : cell->timeout);
      all.push_back({&result, *name, judge_ctest_result(result, *name, timeout)});
    }
  }
  return all;
}

/// The ids that the cells of the run gave their records, in order of time.
std::set<std::string> record_ids(const std::vector<Judged>& results) {
  std::set<std::string> ids;
  for (const Judged& judged : results) {
    if (judged.evidence.line && record_id_time(judged.evidence.line->record)) {
      ids.insert(judged.evidence.line->record);
    }
  }
  return ids;
}

/// What is the same in every file that CTest writes about one run: the records of its cells; without any, the
/// file has to do. Two runs of one minute may leave the same LastTest.log, at different times.
std::string run_key(const CtestRun& run, const std::set<std::string>& ids, TimePoint written) {
  if (!ids.empty()) {
    return fmt::format("{}", fmt::join(ids, " "));
  }
  return run.source == CtestSource::last_test_log
             ? fmt::format("{} {}", run.identity, written.time_since_epoch().count())
             : run.identity;
}

class Intake {
public:
  Intake(const Plan& plan, const CtestRun& run, std::span<const Record> known, TimePoint written)
      : m_plan(plan), m_run(run), m_known(known), m_written(written), m_results(judge_all(plan, run)) {
    const std::set<std::string> ids = record_ids(m_results);
    m_key = run_key(run, ids, written);
    m_comparable = !ids.empty();
    for (const Record& record : known) {
      m_ids.insert(record.id);
      m_by_id.emplace(record.id, &record);
      m_marks.insert(marked(record.cell, record.id.substr(record.id.find('-') + 1)));
    }
  }

  RunRecords records() {
    RunRecords told;
    for (const Judged& judged : m_results) {
      const Cell* cell = find_cell(m_plan, judged.name);
      if (cell == nullptr || is_of_another(*cell, judged.evidence)) {
        count_other(judged.evidence, told);
        continue;
      }
      ++told.own;
      if (judged.evidence.kind == EvidenceKind::nothing) {
        continue;
      }
      if (const Record* const other = contradicted(judged)) {
        add_conflict(*other, make_record(*cell, judged), told);
        continue;
      }
      if (is_known(judged)) {
        continue;
      }
      Record record = make_record(*cell, judged);
      const bool told_already = !judged.evidence.line && is_told_by_another_file(record);
      if (!told_already && m_ids.insert(record.id).second) {
        told.records.push_back(std::move(record));
      }
    }
    return told;
  }

private:
  static std::string marked(const std::string& cell, const std::string& mark) { return cell + '/' + mark; }

  std::string mark_of(const Judged& judged) const {
    return fingerprint(m_key + "\n" + judged.result->name).substr(0, 8);
  }

  /// A pass must prove that it is this cell's; a failure of version 0.1 names its axes at most, and what
  /// CTest alone saw nothing.
  bool is_of_another(const Cell& cell, const CtestEvidence& evidence) const {
    if (!evidence.line) {
      return false;
    }
    const VerdictLine& line = *evidence.line;
    if (!line.identity.empty() || (evidence.verdict && earns_tick(*evidence.verdict))) {
      return line.identity != cell_identity(m_plan.common, cell.row->name, cell.variant->axes);
    }
    return !line.axes.empty() && line.axes != axes_mark(cell.variant->axes);
  }

  /// Of another configuration of this matrix, of another matrix, or no cell at all.
  void count_other(const CtestEvidence& evidence, RunRecords& told) const {
    if (evidence.line) {
      const bool own = is_cell_of_matrix(m_plan.common, evidence.line->identity);
      told.own += own ? 1 : 0;
      told.foreign += own ? 0 : 1;
    }
  }

  /// The record of the same id that says something else than the line that is told here; null where there is
  /// none.
  const Record* contradicted(const Judged& judged) const {
    const CtestEvidence& evidence = judged.evidence;
    const auto known = evidence.line ? m_by_id.find(evidence.line->record) : m_by_id.end();
    const bool is_of_a_cell = known != m_by_id.end() && known->second->kind == RecordKind::cell;
    return is_of_a_cell && known->second->verdict != evidence.line->verdict ? known->second : nullptr;
  }

  void add_conflict(const Record& known, const Record& told_here, RunRecords& told) {
    told.contradicted.insert(known.id);
    Record conflict = conflict_of(known, told_here);
    if (m_ids.insert(conflict.id).second) {
      told.records.push_back(std::move(conflict));
    }
  }

  bool is_known(const Judged& judged) const {
    if (m_marks.contains(marked(judged.name, mark_of(judged)))) {
      return true;
    }
    // The launcher's own record says more than CTest does, unless CTest saw a pass fail.
    const CtestEvidence& evidence = judged.evidence;
    const CtestStatus status = judged.result->status;
    const bool ctest_failed = status != CtestStatus::passed && status != CtestStatus::skipped;
    return evidence.line && m_ids.contains(evidence.line->record) &&
           !(ctest_failed && evidence.kind == EvidenceKind::conflict);
  }

  /// For runs that left no record of a cell, so that nothing tells that two files are of the same run.
  bool is_told_by_another_file(const Record& record) const {
    const Record* newest = nullptr;
    for (const Record& known : m_known) {
      if (known.kind == RecordKind::cell && known.cell == record.cell && known.profile == record.profile &&
          (newest == nullptr || newest->finished <= known.finished)) {
        newest = &known;
      }
    }
    if (newest == nullptr || newest->source == "cell" || earns_tick(newest->verdict)) {
      return false;
    }
    // What the journal has of a launcher that said nothing is this very failure.
    return is_untold(newest->source) || (!m_comparable && newest->source != record.source &&
                                         std::chrono::abs(newest->finished - record.finished) <= k_slack);
  }

  /// Of the run, where its file tells that for sure; else all that is known is when the file was written.
  TimePoint end() const {
    return m_run.zone_known && m_run.end ? std::min(*m_run.end, m_written) : m_written;
  }

  /// What CTest says, and for a cell whose set-up failed what that said.
  std::string reason_of(const Cell& cell, const Judged& judged) const {
    const bool not_run = judged.result->status == CtestStatus::not_run_fixture;
    const std::string why = not_run ? setup_reason(m_plan.common, cell, m_run) : "";
    return why.empty() ? judged.evidence.reason : why;
  }

  Record make_record(const Cell& cell, const Judged& judged) const {
    const auto& [result, name, evidence] = judged;
    Record record = record_of(m_plan.common, cell);
    record.source = ctest_source_name(m_run.source);
    record.duration = result->duration.value_or(Milliseconds(0));
    record.finished = end();
    record.verdict = evidence.verdict.value_or(Verdict::fail);
    record.brief = reason_of(cell, judged);
    if (evidence.line) { // it may have come from another machine
      record.share = evidence.line->share;
      record.split = evidence.line->split;
      record.run = evidence.line->run;
    }
    const bool settled = evidence.line && evidence.kind != EvidenceKind::conflict;
    if (settled) {
      record.digest = evidence.line->basis;
      record.counts = evidence.line->counts.value_or(Counts());
      record.counted = evidence.line->counts.has_value();
      record.duration = evidence.line->duration;
      record.flaky = evidence.line->flaky;
      record.leaked = evidence.line->leaked;
    }
    if (settled && record_id_time(evidence.line->record)) {
      record.id = evidence.line->record;
      record.finished = *record_id_time(record.id);
    } else {
      record.id = fmt::format("{:012x}-{}", record.finished.time_since_epoch().count(), mark_of(judged));
    }
    if (record.verdict == Verdict::skip && record.brief.empty()) {
      record.brief = cell.skip_reason;
    }
    return record;
  }

  const Plan& m_plan;
  const CtestRun& m_run;
  std::span<const Record> m_known;
  TimePoint m_written;
  std::vector<Judged> m_results;
  std::string m_key;
  bool m_comparable = false;
  std::set<std::string> m_ids;
  std::map<std::string, const Record*> m_by_id;
  std::set<std::string> m_marks;
};

} // namespace

RunRecords new_records(const Plan& plan, const CtestRun& run, std::span<const Record> known,
                       TimePoint written) {
  return Intake(plan, run, known, written).records();
}

} // namespace ctest_matrix
