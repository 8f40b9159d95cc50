#include "progress/intake.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/document.hpp"
#include "progress/plan_bridge.hpp"
#include "progress/store.hpp"
#include "progress/summary.hpp"
#include "results/ctest_evidence.hpp"
#include "results/ctest_junit.hpp"
#include "results/ctest_last_test_log.hpp"
#include "results/ctest_test_xml.hpp"
#include "results/input_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// The same for the same result of the same run, wherever its file lies.
std::string result_mark(const CtestRun& run, const std::string& name) {
  return fingerprint(run.identity + "\n" + name).substr(0, 8);
}

std::string record_id(TimePoint time, const std::string& mark) {
  return fmt::format("{:012x}-{}", time.time_since_epoch().count(), mark);
}

/// The record of a result that no journal has, or none when it proves nothing.
std::optional<Record> make_record(const Plan& plan, const CellPlan& cell, const CtestRun& run,
                                  const CtestResult& result, const CtestEvidence& evidence,
                                  TimePoint fallback) {
  if (evidence.kind == EvidenceKind::nothing) {
    return std::nullopt;
  }
  Record record;
  record.cell = cell.name;
  record.row = cell.row;
  record.column = cell.column;
  record.profile = plan.suite.profile;
  record.axes = cell.axes;
  record.source = ctest_source_name(run.source);
  record.duration = result.duration.value_or(Milliseconds(0));
  record.finished = run.start ? *run.start + record.duration : fallback;
  record.verdict = evidence.verdict.value_or(Verdict::fail);
  record.brief = evidence.reason;
  const bool settled = evidence.line && evidence.kind != EvidenceKind::conflict;
  if (settled) {
    record.counts = evidence.line->counts.value_or(Counts());
    record.counted = evidence.line->counts.has_value();
    record.duration = evidence.line->duration;
    record.flaky = evidence.line->flaky;
    record.leaked = evidence.line->leaked;
  }
  if (settled && !evidence.line->record.empty()) {
    record.id = evidence.line->record;
    record.finished = record_id_time(record.id).value_or(record.finished);
  } else {
    record.id = record_id(record.finished, result_mark(run, result.name));
  }
  if (record.verdict == Verdict::skip && record.brief.empty()) {
    record.brief = cell.skip_reason;
  }
  return record;
}

TimePoint time_of(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::file_clock::to_sys(written));
}

struct Sources {
  std::vector<std::pair<CtestRun, TimePoint>> runs;
  std::vector<Record> records;
};

Error unreadable(const fs::path& path, const Error& error) {
  const bool named = error.message.find(path.string()) != std::string::npos;
  return {ExitCode::input, named ? error.message : fmt::format("{}: {}", path.string(), error.message)};
}

template <typename Parse>
Result<void> read_runs(const std::vector<fs::path>& paths, Parse parse, Sources& sources) {
  for (const fs::path& path : paths) {
    const auto text = read_regular_file(path, k_max_result_bytes);
    if (!text) {
      return text.error();
    }
    auto run = parse(*text);
    if (!run) {
      return unreadable(path, run.error());
    }
    sources.runs.emplace_back(std::move(*run), time_of(path));
  }
  return {};
}

Result<void> read_logs(const std::vector<fs::path>& paths, Sources& sources) {
  for (const fs::path& path : paths) {
    auto run = read_ctest_last_test_log(path);
    if (!run) {
      return unreadable(path, run.error());
    }
    sources.runs.emplace_back(std::move(*run), time_of(path));
  }
  return {};
}

/// What CTest leaves in a build directory: the log of the last plain run, and the last dashboard run's
/// results.
ResultFiles files_of_build(const fs::path& build_dir) {
  ResultFiles files;
  std::error_code error;
  const fs::path testing = build_dir / "Testing";
  if (fs::exists(testing / "Temporary" / "LastTest.log", error)) {
    files.last_test_log.push_back(testing / "Temporary" / "LastTest.log");
  }
  if (const auto tag = read_file(testing / "TAG")) {
    const auto lines = split_lines(*tag);
    const fs::path xml = testing / (lines.empty() ? "" : lines.front()) / "Test.xml";
    if (fs::exists(xml, error)) {
      files.test_xml.push_back(xml);
    }
  }
  return files;
}

Result<Sources> read_sources(const ResultFiles& files) {
  Sources sources;
  for (const auto& result :
       {read_runs(files.junit, parse_ctest_junit, sources),
        read_runs(files.test_xml, parse_ctest_test_xml, sources), read_logs(files.last_test_log, sources)}) {
    if (!result) {
      return result.error();
    }
  }
  for (const fs::path& path : files.journal) {
    const auto journal = read_journal(path);
    if (!journal) {
      return journal.error();
    }
    if (journal->records.empty()) {
      return Error{ExitCode::input, fmt::format("{}: expected a journal, found no record", path.string())};
    }
    sources.records.insert(sources.records.end(), journal->records.begin(), journal->records.end());
  }
  return sources;
}

} // namespace

std::vector<Record> new_records(const Plan& plan, const CtestRun& run, std::span<const Record> known,
                                TimePoint fallback) {
  std::set<std::string> ids;
  std::set<std::string> marks;
  for (const Record& record : known) {
    ids.insert(record.id);
    marks.insert(record.id.substr(record.id.find('-') + 1));
  }
  std::vector<Record> records;
  const std::string& prefix = plan.suite.places.prefix;
  for (const CtestResult& result : run.results) {
    const CellPlan* cell = result.name.starts_with(prefix)
                               ? find_cell(plan, std::string_view(result.name).substr(prefix.size()))
                               : nullptr;
    if (cell == nullptr || marks.contains(result_mark(run, result.name))) {
      continue;
    }
    const CtestEvidence evidence = judge_ctest_result(result, cell->name);
    const bool recorded = evidence.line && ids.contains(evidence.line->record);
    const bool ctest_failed = result.status != CtestStatus::passed && result.status != CtestStatus::skipped;
    if (recorded && !ctest_failed) {
      continue; // the launcher's own record says more than CTest does
    }
    auto record = make_record(plan, *cell, run, result, evidence, fallback);
    if (record && ids.insert(record->id).second) {
      records.push_back(std::move(*record));
    }
  }
  return records;
}

Result<IntakeOutcome> take_in(const Plan& plan, const ResultFiles& files, const fs::path& build_dir) {
  const StorePaths paths = store_paths(plan.suite);
  const auto journal = read_journal(paths.journal);
  if (!journal) {
    return journal.error();
  }
  const auto sources = read_sources(files.empty() ? files_of_build(build_dir) : files);
  if (!sources) {
    return sources.error();
  }
  std::vector<Record> known = journal->records;
  std::size_t added = 0;
  const auto add = [&](const Record& record) -> Result<void> {
    known.push_back(record);
    ++added;
    return append_record(paths.journal, record);
  };
  for (const auto& [run, fallback] : sources->runs) {
    for (const Record& record : new_records(plan, run, known, fallback)) {
      if (auto appended = add(record); !appended) {
        return appended.error();
      }
    }
  }
  std::set<std::string> ids;
  for (const Record& record : known) {
    ids.insert(record.id);
  }
  for (const Record& record : sources->records) {
    if (ids.insert(record.id).second) {
      if (auto appended = add(record); !appended) {
        return appended.error();
      }
    }
  }
  const DocumentSpec spec = document_spec(plan.document);
  const ColumnPlan columns = column_plan(plan.suite, plan.document);
  const auto applied = apply_journal(paths, spec, columns, system_clock());
  if (!applied) {
    return applied.error();
  }
  IntakeOutcome outcome;
  outcome.message = fmt::format("{}: {} new result{}, {} line{} in the log\n", plan.suite.progress.string(),
                                added, added == 1 ? "" : "s", applied->fold.lines.size(),
                                applied->fold.lines.size() == 1 ? "" : "s");
  for (const std::string& problem : applied->problems) {
    outcome.message += problem + "\n";
  }
  const auto text = read_file(plan.suite.progress);
  if (!text) {
    return text.error();
  }
  outcome.message += render_summary(summarise(Document::parse(*text), known, spec, columns));
  return outcome;
}

} // namespace ctest_matrix
