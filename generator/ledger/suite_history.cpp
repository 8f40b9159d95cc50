#include "ledger/suite_history.hpp"

#include "base/diagnostics.hpp"
#include "base/git_head.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "plan/git.hpp"
#include "progress/last_run.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_patience = std::chrono::seconds(30);

} // namespace

std::string outcome_json(const std::string& file, const VerbOutcome& outcome) {
  Json said = Json::array();
  for (const std::string& line : split_lines(outcome.text)) {
    const std::size_t colon = line.find(": ");
    const bool tells = colon != std::string::npos && !line.starts_with('-');
    if (tells) {
      said.push_back(Json::object({{"action", line.substr(0, colon)}, {"text", line.substr(colon + 2)}}));
    }
  }
  return Json::object({{"version", 1},
                       {"file", file},
                       {"exit_code", static_cast<int>(outcome.code)},
                       {"said", std::move(said)}})
             .dump(2) +
         "\n";
}

std::string diagnostics_json(const std::string& file, const Diagnostics& diagnostics) {
  Json all = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    all.push_back(Json::object({{"line", diagnostic.location.line},
                                {"column", diagnostic.location.column},
                                {"severity", diagnostic.severity == Severity::error ? "error" : "warning"},
                                {"code", diagnostic.code},
                                {"message", diagnostic.message}}));
  }
  return Json::object({{"version", 1}, {"file", file}, {"problems", std::move(all)}}).dump(2) + "\n";
}

Result<FileLock> lock_ledger(const CommonPlan& common) {
  std::error_code ignored;
  fs::create_directories(common.places.state, ignored);
  return FileLock::acquire(common.places.state / "ledger.lock", k_patience);
}

Result<SuiteHistory> load_history(const Plan& plan, const ProjectOptions& project, fs::path file,
                                  LedgerNeed need) {
  file = file.empty() ? plan.common.known : file;
  if (file.empty() && need == LedgerNeed::needed) {
    return Error{ExitCode::usage, "expected `known: FILE` in the matrix, or --file FILE"};
  }
  const StorePaths paths = store_paths(plan.common);
  TRY(take_in_last_run(plan, project, k_patience, UnknownLoad::take_as_current));
  std::error_code ignored;
  if (fs::exists(paths.journal, ignored)) {
    TRY(apply_journal(paths, plan, system_clock()));
  }
  TRY_ASSIGN(FileLock lock, lock_ledger(plan.common));
  TRY_ASSIGN(Ledger ledger, file.empty() ? new_ledger(plan.common) : read_ledger_if_there(file, plan.common));
  TRY_ASSIGN(std::vector<OtherCell> others, other_cells(ledger, plan, project));
  TRY_ASSIGN(FrictionLog friction, read_friction_log(plan.common));
  TRY_ASSIGN(JournalSlice journal, read_journal(paths.journal));
  SuiteHistory history{
      .plan = plan,
      .file = std::move(file),
      .journal = std::move(journal),
      .results = {},
      .known = KnownFailures(std::move(ledger), plan, day_of(system_clock().now()), std::move(others)),
      .friction = std::move(friction),
      .lock = std::move(lock)};
  history.results = all_results(plan, history.journal.records); // moving a vector leaves its records in place
  return history;
}

std::string short_commit(std::string_view commit) {
  constexpr std::size_t k_digits = 9;
  return std::string(commit.substr(0, k_digits));
}

std::string day_and_commit(const Sighting& sighting) {
  const std::string day = day_of(sighting.time);
  return sighting.commit.empty() ? day : fmt::format("{} at {}", day, short_commit(sighting.commit));
}

std::string commit_now(const CommonPlan& common) {
  const auto head = git_head(common.places.root);
  if (!head || head->empty()) {
    return "";
  }
  const auto changed = ask_git(common.places.root, {"status", "--porcelain", "-z", "--untracked-files=no"});
  const auto root = ask_git(common.places.root, {"rev-parse", "--show-toplevel"});
  const fs::path top(trim(root.value_or("")));
  for (const std::string& entry : split(changed.value_or(""), '\0')) {
    const fs::path path = top / (entry.size() > 3 ? entry.substr(3) : "");
    const bool own =
        entry.size() <= 3 || path == common.known || path == common.friction || path == common.progress;
    if (!own) {
      return "uncommitted";
    }
  }
  return short_commit(*head);
}

const Record* newest_of(const SuiteHistory& history, const std::string& cell) {
  const auto found = history.results.find(cell);
  return found == history.results.end() ? nullptr : found->second.back();
}

Result<const Cell*> named_cell(const Plan& plan, const std::string& name) {
  if (const Cell* const cell = find_cell(plan, name)) {
    return cell;
  }
  std::vector<std::string> names;
  std::ranges::transform(plan.cells, std::back_inserter(names), &Cell::name);
  const std::string near = nearest(name, names);
  return Error{ExitCode::usage, fmt::format("there is no cell '{}'{}", printable(name),
                                            near.empty() ? "; `ctest-matrix list` shows them"
                                                         : fmt::format(", did you mean '{}'?", near))};
}

} // namespace ctest_matrix
