#include "run/agent_report.hpp"

#include "base/text.hpp"
#include "cell/tell.hpp"
#include "report/cell_mark.hpp"
#include "run/agent_text.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_names_told = 10; // of cells in one line

std::string block_of(const Plan& plan, const ProgressReport& report, const Record& record) {
  auto cell = kept_failure(plan.common, record.cell, report.journal.records);
  if (!cell || cell->record.id != record.id) {
    cell = FailedCell{.record = record};
  }
  return agent_failure(*cell) + "\n";
}

} // namespace

std::string agent_report(const Plan& plan, const ProgressReport& report, const std::string& gate,
                         ExitCode code) {
  std::map<CellMark, std::vector<std::string>> by_mark;
  std::string text;
  std::size_t told = 0;
  for (const CellStanding& cell : report.standings) {
    const CellMark mark = mark_of(cell);
    by_mark[mark].push_back(cell.cell);
    if ((mark == CellMark::failed || mark == CellMark::blocked) && told++ < k_most_failure_blocks) {
      text += block_of(plan, report, *cell.newest);
    }
  }
  if (told > k_most_failure_blocks) {
    text += fmt::format("{} in the last line\n", plural(told - k_most_failure_blocks, "more failed cell"));
  }
  text += render_rules(report.rules) + gate;
  std::vector<std::string> facts{fmt::format("{} of {} passed", by_mark[CellMark::passed].size(),
                                             plural(report.standings.size(), "cell"))};
  for (const auto& [mark, cells] : by_mark) {
    if (mark != CellMark::passed && !cells.empty()) {
      facts.push_back(
          fmt::format("{} {} ({})", cells.size(), look_of(mark).name, some_names(cells, k_names_told)));
    }
  }
  return text + fmt::format("report: (exit {}) {}\n", static_cast<int>(code), join(facts, "; "));
}

} // namespace ctest_matrix
