#include "report/page.hpp"

#include "base/cut.hpp"
#include "base/files.hpp"
#include "base/own_files.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "cell/tell.hpp"
#include "ledger/cell_log.hpp"
#include "plan/project.hpp"
#include "report/page_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t k_tail = 16 << 10;         // bytes of a log that are looked at
constexpr std::chrono::seconds k_clock_slack{2}; // by which the clocks of files and records may differ

/// The log of the set-up that the record blames.
fs::path log_of_setup(const CommonPlan& common, const Cell& cell, const Record& record) {
  std::vector<std::pair<std::string, std::string>> logs; // what the reason names, and the file
  for (const std::string& name : cell.variant->artifacts) {
    logs.emplace_back(fmt::format("artifact {} ", name), fmt::format("artifact.{}.log", name));
  }
  for (const std::string& name : cell.variant->services) {
    logs.emplace_back(fmt::format("service {} ", name), fmt::format("service.{}.log", name));
  }
  for (const auto& [words, file] : logs) {
    const fs::path path = common.places.state / "logs" / file;
    std::error_code error;
    const auto written = std::chrono::file_clock::to_sys(fs::last_write_time(path, error));
    const bool is_of_then =
        !error && fs::is_regular_file(path, error) && written <= record.finished + k_clock_slack;
    if (is_of_then && record.brief.find(words) != std::string::npos) {
      return path;
    }
  }
  return {};
}

std::string end_of(const fs::path& path) {
  const auto text = read_end_of_file(path, k_tail + 1);
  return text ? strip_ansi(last_bytes(*text, k_tail)) : "";
}

PageEvidence evidence_of(const Plan& plan, const CellStanding& standing) {
  PageEvidence evidence;
  const Record& record = *standing.newest;
  const Cell* cell = find_cell(plan, standing.cell);
  if (cell != nullptr && record.counts.failed > 0 && !record.failures.empty()) {
    evidence.narrowed =
        narrowed_command_line(plan.common, bind(plan.common, *cell), record.failures.front().test)
            .value_or("");
  }
  evidence.excerpts = kept_excerpts(plan.common, record);
  fs::path log = log_file_of(plan.common, record);
  if (log.empty() && cell != nullptr && record.verdict == Verdict::setup) {
    log = log_of_setup(plan.common, *cell, record);
  }
  if (!log.empty()) {
    evidence.log = log.string();
    evidence.tail = end_of(log);
  }
  return evidence;
}

std::vector<PageRow> rows_of(const Plan& plan) {
  std::vector<PageRow> rows;
  for (const Row& row : plan.rows) {
    rows.push_back({.name = row.name,
                    .suite = row.suite,
                    .label = row.label,
                    .excluded = row.reason,
                    .place = fmt::format("{}:{}", row.location.file, row.location.line)});
  }
  return rows;
}

/// How ctest is called for tests of the plan, from wherever it is pasted, up to the pattern of their names.
std::string ctest_words(const ProjectOptions& project) {
  std::vector<std::string> settings;
  for (const auto& [axis, value] : project.overrides) {
    settings.push_back(fmt::format("{}={}", axis, value));
  }
  std::string words;
  words += project.profile.empty() ? "" : fmt::format("CTEST_MATRIX_PROFILE={} ", project.profile);
  words += settings.empty() ? "" : fmt::format("CTEST_MATRIX_SET={} ", shell_quote(join(settings, ",")));
  return fmt::format("{}ctest --test-dir {} -R", words, shell_quote(project.build_dir.string()));
}

std::string make_nonce() {
  std::random_device random;
  std::string nonce;
  for (int i = 0; i < 4; ++i) {
    nonce += fmt::format("{:08x}", random());
  }
  return nonce;
}

/// Error (input): a file of somebody else is there.
Result<void> check_page_file(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) {
    return {}; // nothing is there, or what cannot be replaced anyway
  }
  if (fs::file_size(path, ignored) > 0 && !is_own_page(path)) {
    return Error{
        ExitCode::input,
        fmt::format("--html: {} is there and is no report of ours; expected another name", path.string())};
  }
  return {};
}

} // namespace

Result<void> write_report_page(const Plan& plan, const ProgressReport& report, const fs::path& path) {
  TRY(check_page_file(path));
  PageInput input{.report = report,
                  .plan = plan,
                  .rows = rows_of(plan),
                  .evidence = {},
                  .prefix = plan.common.places.prefix,
                  .matrix = plan.common.places.matrix.string(),
                  .options = options_text(project_of(plan.common)),
                  .ctest = ctest_words(project_of(plan.common)),
                  .now = system_clock().now()};
  for (const CellStanding& standing : report.standings) {
    if (standing.newest && !earns_tick(standing.newest->verdict)) {
      input.evidence.emplace(standing.cell, evidence_of(plan, standing));
    }
  }
  return write_file_atomic(path, render_report_html(input, make_nonce()));
}

} // namespace ctest_matrix
