#include "cell/tell.hpp"

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "ctest/caller.hpp"
#include "ctest/output_markup.hpp"
#include "plan/verdict_line.hpp"
#include "progress/store.hpp"
#include "runners/source_place.hpp"
#include "runners/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Excerpts of the sources of this checkout around the places of the first failures; an empty one where the
/// message shows the line itself.
std::vector<std::string> excerpts_of(const CommonPlan& common, const std::vector<Failure>& failures) {
  constexpr std::size_t k_most = 5;
  constexpr std::uintmax_t k_largest = 1 << 20; // bytes
  std::vector<std::string> excerpts;
  for (const Failure& failure : failures) {
    if (excerpts.size() == k_most) {
      break;
    }
    std::string excerpt;
    const fs::path file = failure.file;
    const fs::path relative = file.lexically_relative(common.places.root);
    if (failure.line > 0 && !relative.empty() && *relative.begin() != "..") {
      const auto source = read_regular_file(file, k_largest);
      const std::vector<std::string> lines = split_lines(source ? *source : "");
      const auto index = static_cast<std::size_t>(failure.line) - 1;
      const bool is_shown =
          index < lines.size() && failure.message.find(trim(lines[index])) != std::string::npos;
      excerpt = is_shown || !source ? "" : excerpt_around(*source, failure.line);
    }
    excerpts.push_back(std::move(excerpt));
  }
  return excerpts;
}

/// What the matrix and the journal say around a failure, as they are now.
void compare_with_others(FailedCell& failed, const CommonPlan& common, std::span<const Record> journal) {
  failed.is_only_column = common.columns.size() == 1;
  failed.others = other_columns(common.columns, journal, failed.record);
  failed.next_steps = common.next_steps;
}

/// The test as the runner's listing has it, where a single one has its name: pytest's stack tells of no class
/// and no parameters. As it is where none or several have.
std::string as_listed(const std::string& running, const std::vector<std::string>& listed) {
  if (running.empty() || std::ranges::find(listed, running) != listed.end()) {
    return running;
  }
  const auto name_of = [](const std::string& test) {
    const std::string name = split_titles(test).back();
    return name.substr(0, name.find('['));
  };
  std::set<std::string> found;
  for (const std::string& test : listed) {
    if (name_of(test) == name_of(running)) {
      std::vector<std::string> titles = split_titles(test);
      titles.back() = name_of(test);
      found.insert(join_titles(titles));
    }
  }
  return found.size() == 1 ? *found.begin() : running;
}

FailedCell failed_cell(const CellTask& task, const Preparation& prepared, const RunnerRun& run,
                       const Record& record) {
  const std::string& setup_problem = prepared.problem.empty() ? run.problem : prepared.problem;
  FailedCell failed{.record = record,
                    .excerpts = excerpts_of(task.common, record.failures),
                    .log = run.log.string(),
                    .service_logs =
                        prepared.services ? prepared.services->logs() : std::vector<std::string>(),
                    .last_lines = run.last_lines,
                    .detail = setup_problem.empty() ? run.service_problem : setup_problem};
  const auto journal = read_newest(store_paths(task.common).journal);
  compare_with_others(failed, task.common, journal ? journal->records : std::vector<Record>());
  if (record.verdict == Verdict::timeout || record.verdict == Verdict::crash) {
    failed.last_test = run.last_test;
  }
  const bool ran = record.verdict != Verdict::setup && record.verdict != Verdict::interrupted;
  if (record.failures.empty() && record.counts.failed == 0 && ran) {
    failed.running = as_listed(run.running, prepared.expected.names);
  }
  const std::string culprit =
      record.counts.failed > 0 && !record.failures.empty() ? record.failures.front().test : failed.running;
  if (!culprit.empty() && task.purpose == Purpose::record) {
    failed.narrowed = narrowed_command_line(task.common, task.cell, culprit).value_or("");
  }
  return failed;
}

/// What is kept of a failure, so that it can be told again: then with what the other columns have done since.
struct KeptFailure {
  std::string uncounted;
  std::vector<std::string> notes;
  std::string trouble;
  std::string record; ///< as in the journal
  FailedCell failed;
};

template <typename Archive>
void fields(Archive& archive, KeptFailure& kept) {
  archive.if_set("uncounted", kept.uncounted);
  archive("notes", kept.notes);
  archive("trouble", kept.trouble);
  archive("record", kept.record);
  archive("excerpts", kept.failed.excerpts);
  archive("narrowed", kept.failed.narrowed);
  archive("log", kept.failed.log);
  archive.if_set("service_logs", kept.failed.service_logs);
  archive("last_lines", kept.failed.last_lines);
  archive("last_test", kept.failed.last_test);
  archive.if_set("running", kept.failed.running);
  archive("detail", kept.failed.detail);
}

fs::path uncounted_file(const CommonPlan& common, const std::string& cell) {
  return common.places.state / "logs" / (cell + ".uncounted.json");
}

/// A report that cannot be written is no loss of its own: a full disk has been reported already.
void keep_failure(const CellTask& task, const CellNews& news) {
  const fs::path path = news.uncounted.empty() ? failure_file(task.common, task.cell.name)
                                               : uncounted_file(task.common, task.cell.name);
  std::error_code ignored;
  fs::remove(path, ignored);
  if (!earns_tick(news.kept.record.verdict) || !news.uncounted.empty()) {
    KeptFailure kept{.uncounted = news.uncounted,
                     .notes = news.notes,
                     .trouble = news.kept.trouble,
                     .record = serialise_record(news.kept.record),
                     .failed = news.failed};
    static_cast<void>(write_file_quickly(path, to_json(kept)));
  }
}

} // namespace

CellNews news_of(const CellTask& task, const Preparation& prepared, const RunnerRun& run,
                 const Judgement& judgement, KeptRecord kept) {
  CellNews news;
  if (prepared.services) {
    news.notes = prepared.services->notes();
    news.facts.service_starts = prepared.services->start_times();
  }
  news.notes.insert(news.notes.end(), judgement.remarks.begin(), judgement.remarks.end());
  if (!prepared.expected.problem.empty()) {
    news.notes.push_back(prepared.expected.problem);
  }
  news.facts.retries = judgement.retries;
  news.facts.runner_version = run.runner_version;
  news.facts.log = run.log;
  if (!earns_tick(kept.record.verdict)) {
    news.failed = failed_cell(task, prepared, run, kept.record);
  }
  news.kept = std::move(kept);
  news.uncounted = judgement.uncounted;
  return news;
}

std::string news_text(const CellNews& news) {
  std::string text;
  for (const std::string& note : news.notes) {
    text += fmt::format("note: {}\n", note);
  }
  if (!news.kept.trouble.empty()) {
    text += fmt::format("error: {}\n", news.kept.trouble);
  }
  if (!earns_tick(news.kept.record.verdict)) {
    text += render_failure(news.failed);
  }
  return text;
}

namespace {

void print_verdict(const CellTask& task, const CellNews& news) {
  const Record& record = news.kept.record;
  if (!news.uncounted.empty()) { // whoever reads this output is not to take it for that of the whole cell
    fmt::print("{} of a part of the cell, nothing was recorded: {}\n", verdict_name(record.verdict),
               Defuser().defuse(news.uncounted));
    return;
  }
  if (task.purpose == Purpose::narrow) { // of one test, for people: the line below is for CTest and its logs
    fmt::print("{} {}: {} passed, {} failed, {} skipped, {}; nothing was recorded\n",
               verdict_name(record.verdict), record.cell, record.counts.passed, record.counts.failed,
               record.counts.skipped, format_duration(record.duration));
    return;
  }
  VerdictLine line = verdict_line_of(record);
  line.basis = basis_digest(record.basis);
  fmt::print("{}", format_verdict_line(line));
}

} // namespace

void tell(const CellTask& task, const CellNews& news) {
  const Record& record = news.kept.record;
  const std::string text = news_text(news);
  if (task.purpose == Purpose::record) {
    keep_failure(task, news);
  }
  fmt::print("{}", Defuser().defuse(text));
  if (record.verdict == Verdict::skip) {
    fmt::print("{} {}\n", k_skip_marker, Defuser().defuse(record.brief));
  }
  if (task.purpose == Purpose::record && news.uncounted.empty() && below_dashboard_ctest()) {
    fmt::print("{}", Defuser().defuse(dashboard_lines(record, news.facts)));
  }
  if (task.reader == Reader::ctest) {
    fmt::print("{}", k_full_output_line);
  }
  print_verdict(task, news);
  std::fflush(stdout);
}

namespace {

/// What is kept in a file, with what the journal says now; nothing where nothing is kept.
std::optional<KeptFailure> kept_in(const fs::path& file, const CommonPlan& common,
                                   std::span<const Record> journal) {
  const auto text = read_file(file);
  auto kept = text ? from_json<KeptFailure>(*text) : Result<KeptFailure>(Error());
  const auto record = kept ? parse_record(kept->record) : std::nullopt;
  if (!record) {
    return std::nullopt;
  }
  kept->failed.record = *record;
  compare_with_others(kept->failed, common, journal);
  return *std::move(kept);
}

std::string text_of(KeptFailure kept) {
  const Record record = kept.failed.record;
  return news_text({.notes = std::move(kept.notes),
                    .kept = {.record = record, .trouble = std::move(kept.trouble)},
                    .failed = std::move(kept.failed),
                    .facts = {}});
}

} // namespace

std::string failure_text(const CommonPlan& common, const std::string& cell, std::span<const Record> journal) {
  auto kept = kept_in(failure_file(common, cell), common, journal);
  return kept ? text_of(*std::move(kept)) : "";
}

std::optional<FailedCell> kept_failure(const CommonPlan& common, const std::string& cell,
                                       std::span<const Record> journal) {
  auto kept = kept_in(failure_file(common, cell), common, journal);
  return kept ? std::optional(std::move(kept->failed)) : std::nullopt;
}

std::vector<std::string> kept_excerpts(const CommonPlan& common, const Record& record) {
  auto kept = kept_in(failure_file(common, record.cell), common, {});
  return kept && kept->failed.record.id == record.id ? std::move(kept->failed.excerpts)
                                                     : std::vector<std::string>();
}

std::optional<UncountedResult> uncounted_result(const CommonPlan& common, const std::string& cell) {
  auto kept = kept_in(uncounted_file(common, cell), common, {});
  if (!kept) {
    return std::nullopt;
  }
  UncountedResult result{
      .record = kept->failed.record, .why = kept->uncounted, .text = "", .failed = kept->failed};
  result.text = text_of(*std::move(kept));
  return result;
}

void forget_uncounted(const CommonPlan& common, const std::string& cell) {
  std::error_code ignored;
  fs::remove(uncounted_file(common, cell), ignored);
}

fs::path failure_file(const CommonPlan& common, const std::string& cell) {
  return common.places.state / "logs" / (cell + ".failure.json");
}

} // namespace ctest_matrix
