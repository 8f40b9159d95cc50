#include "run/suite_run.hpp"

#include "ledger/cell_log.hpp"
#include "ledger/ledger_files.hpp"
#include "plan/identity.hpp"
#include "progress/last_run.hpp"

namespace ctest_matrix {

Result<void> take_in_results(const Run& run) {
  TRY(take_in_last_run(run.plan, run.project, std::chrono::seconds(30), UnknownLoad::take_as_current));
  TRY(apply_journal(run.paths, run.plan, system_clock()));
  return {};
}

Record remark(const Run& run, RecordKind kind) {
  Record record;
  record.kind = kind;
  record.id = new_record_id(system_clock());
  record.profile = run.plan.common.profile;
  record.finished = system_clock().now();
  record.identity = matrix_identity(run.plan.common);
  return record;
}

Result<void> write_down(const Run& run, const Record& record) {
  TRY(record_and_apply(run.paths, record, run.plan, system_clock()));
  return {};
}

Result<void> write_note(const Run& run, const std::string& row, const std::string& column,
                        const std::string& text) {
  Record note = remark(run, RecordKind::note);
  note.row = row;
  note.column = column;
  note.brief = text;
  return write_down(run, note);
}

std::string run_again(const Run& run) {
  ProjectOptions options = run.place.project;
  options.overrides.insert(options.overrides.end(), run.request.axes.begin(), run.request.axes.end());
  return "ctest-matrix run" + options_text(options);
}

std::string ledger_name(const Run& run) {
  return run.request.baseline.empty() ? shown_path(run.plan.common, run.ledger)
                                      : run.request.baseline.string();
}

bool is_known_failure(const Run& run, const Record& record) {
  if (!run.known || !run.goes_past_known || run.journal == nullptr) {
    return false;
  }
  const ResultsOfCells results = all_results(run.plan, run.journal->records);
  return run.known->excuses(record, results_of(results, record.cell), logs_of(run.plan.common));
}

} // namespace ctest_matrix
