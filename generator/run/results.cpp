#include "run/results.hpp"

#include "plan/verdict.hpp"
#include "progress/log_line.hpp"
#include "run/failure_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ctest_matrix {

Results::Results(const Run& run, const Selection& selection, std::uint64_t journal_end)
    : m_run(run), m_records(run.paths.journal, journal_end, run.plan.common.profile) {
  for (const Cell* cell : selection.cells) {
    forget_uncounted(run.plan.common, cell->name);
  }
}

const Record* Results::of(const std::string& cell) {
  const Record* const record = m_records.of(cell);
  return record != nullptr || m_run.request.handed.arguments.empty() ? record : uncounted(cell);
}

std::string Results::why_uncounted(const std::string& cell) {
  static_cast<void>(of(cell));
  const auto found = m_uncounted.find(cell);
  return found == m_uncounted.end() ? "" : found->second.why;
}

std::string Results::failure_text_of(const std::string& cell, std::span<const Record> journal) const {
  const auto found = m_uncounted.find(cell);
  return found == m_uncounted.end() ? failure_text(m_run.plan.common, cell, journal) : found->second.text;
}

std::optional<FailedCell> Results::failed_cell_of(const std::string& cell,
                                                  std::span<const Record> journal) const {
  const auto found = m_uncounted.find(cell);
  return found == m_uncounted.end() ? kept_failure(m_run.plan.common, cell, journal) : found->second.failed;
}

std::size_t Results::uncounted_passes() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      m_uncounted, [](const auto& each) { return earns_tick(each.second.record.verdict); }));
}

const Record* Results::uncounted(const std::string& cell) {
  if (auto result = uncounted_result(m_run.plan.common, cell)) {
    return &m_uncounted.insert_or_assign(cell, *std::move(result)).first->second.record;
  }
  return nullptr;
}

std::string Words::operator()(Results& results, const Cell& cell, const std::string& outcome) {
  const Record* const record = results.of(cell.name);
  if (record == nullptr) {
    return "not run: " + outcome;
  }
  const std::string uncounted = results.why_uncounted(cell.name);
  return text_of(*record) + (is_known_failure(m_run, *record) ? " (known)" : "") +
         (uncounted.empty() ? "" : fmt::format(" (nothing recorded: {})", uncounted));
}

std::string Words::text_of(const Record& record) {
  if (earns_tick(record.verdict)) {
    return outcome_text(record);
  }
  const auto [first, is_new] = m_told.try_emplace(failure_key(record), record.cell);
  return is_new ? outcome_text(record) : fmt::format("FAIL - the same as {}", first->second);
}

} // namespace ctest_matrix
