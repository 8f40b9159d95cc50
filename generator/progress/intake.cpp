#include "progress/intake.hpp"

#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "ctest/junit_file.hpp"
#include "ctest/last_test_log.hpp"
#include "ctest/result_files.hpp"
#include "ctest/xml_file.hpp"
#include "progress/ctest_records.hpp"
#include "progress/document.hpp"
#include "progress/store.hpp"
#include "progress/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

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

bool is_empty(const Sources& sources) {
  return sources.records.empty() &&
         std::all_of(sources.runs.begin(), sources.runs.end(),
                     [](const auto& source) { return source.first.results.empty(); });
}

/// What the sources add to the known records, the oldest first; it is known from then on.
std::vector<Record> add_new(const Plan& plan, const Sources& sources, std::vector<Record>& known) {
  std::vector<Record> added;
  const auto add = [&](const Record& record) {
    known.push_back(record);
    added.push_back(record);
  };
  std::set<std::string> ids;
  for (const Record& record : known) {
    ids.insert(record.id);
  }
  for (const Record& record : sources.records) {
    if (ids.insert(record.id).second) {
      add(record);
    }
  }
  for (const auto& [run, written] : sources.runs) {
    const std::vector<Record> records = new_records(plan, run, known, written);
    std::for_each(records.begin(), records.end(), add);
  }
  std::stable_sort(added.begin(), added.end(),
                   [](const Record& a, const Record& b) { return a.finished < b.finished; });
  return added;
}

} // namespace

ResultFiles files_of_build(const fs::path& build_dir) {
  ResultFiles files;
  if (auto log = last_test_log_of(build_dir)) {
    files.last_test_log.push_back(*std::move(log));
  }
  if (auto xml = test_xml_of(build_dir)) {
    files.test_xml.push_back(*std::move(xml));
  }
  return files;
}

Result<IntakeOutcome> take_in(const Plan& plan, const ResultFiles& files, IntakeApplies applies,
                              Milliseconds patience) {
  const auto lock = FileLock::acquire(plan.common.places.state / "intake.lock", patience);
  if (!lock) {
    return lock.error();
  }
  const StorePaths paths = store_paths(plan.common);
  const auto sources = read_sources(files);
  if (!sources) {
    return sources.error();
  }
  const bool only_new = applies == IntakeApplies::new_results;
  if (only_new && is_empty(*sources)) {
    return IntakeOutcome();
  }
  TRY_ASSIGN(JournalSlice journal, read_journal(paths.journal));
  std::vector<Record> known = std::move(journal.records);
  const std::vector<Record> added = add_new(plan, *sources, known);
  if (only_new && added.empty()) {
    return IntakeOutcome();
  }
  TRY(append_records(paths.journal, added));
  TRY_ASSIGN(const ApplySummary applied, apply_journal(paths, plan, system_clock()));
  IntakeOutcome outcome;
  outcome.added = static_cast<std::size_t>(
      std::ranges::count_if(added, [](const Record& record) { return record.kind != RecordKind::setup; }));
  outcome.progress = plan.common.progress;
  outcome.message = fmt::format("{}: {} new result{}, {} line{} in the log\n", plan.common.progress.string(),
                                outcome.added, outcome.added == 1 ? "" : "s", applied.fold.lines.size(),
                                applied.fold.lines.size() == 1 ? "" : "s");
  if (const int old = applied.fold.before_edit; old > 0) {
    outcome.message += fmt::format("{} result{} older than what was made of {} by hand since\n", old,
                                   old == 1 ? " is" : "s are", old == 1 ? "its box" : "their boxes");
  }
  for (const std::string& problem : applied.problems) {
    outcome.message += problem + "\n";
  }
  TRY_ASSIGN(const std::string text, read_file(plan.common.progress));
  outcome.message += render_summary(summarise(Document::parse(text), known, plan));
  return outcome;
}

} // namespace ctest_matrix
