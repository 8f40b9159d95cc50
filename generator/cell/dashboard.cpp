#include "cell/dashboard.hpp"

#include "ctest/output_markup.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

std::string dashboard_lines(const Record& record, const DashboardFacts& facts) {
  std::string lines;
  if (record.counted) {
    lines += count_measurement("tests run", record.counts.ran());
    lines += count_measurement("tests skipped", record.counts.skipped);
    lines += count_measurement("retries", facts.retries);
  }
  for (const auto& [service, time] : facts.service_starts) {
    lines += time_measurement(service + " start time", time);
  }
  if (!facts.runner_version.empty()) {
    lines += text_measurement("runner version", facts.runner_version);
  }
  if (!earns_tick(record.verdict) && !facts.log.empty()) {
    lines += attached_file("log", facts.log);
  }
  if (record.verdict != Verdict::skip) {
    const std::string_view verdict = verdict_name(record.verdict);
    lines +=
        details(record.brief.empty() ? std::string(verdict) : fmt::format("{} - {}", verdict, record.brief));
  }
  return lines;
}

} // namespace ctest_matrix
