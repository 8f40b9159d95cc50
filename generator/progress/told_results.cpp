#include "progress/told_results.hpp"

#include "base/text.hpp"
#include "plan/identity.hpp"
#include "progress/boxes.hpp"
#include "progress/config_line.hpp"
#include "progress/document.hpp"
#include "progress/log_line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_pass = "PASS (";
constexpr std::string_view k_skip = "SKIP - ";
constexpr std::string_view k_fail = "FAIL - ";

/// The newest line of each cell, by its label.
std::map<std::string, std::pair<LogEntry, std::string>> newest_lines(const Document& document) {
  const auto started = parse_timestamp(document.started().value_or(""));
  std::map<std::string, std::pair<LogEntry, std::string>> newest;
  for (const std::string& line : document.log()) {
    const auto entry = parse_log_line(line);
    if (!entry || (started && entry->time < *started)) {
      continue;
    }
    auto& known = newest[entry->label];
    if (known.second.empty() || known.first.time <= entry->time) {
      known = {*entry, line};
    }
  }
  return newest;
}

/// What a line says behind its label: the verdict and more.
void read_outcome(std::string_view outcome, Record& record) {
  if (outcome.starts_with(k_fail)) {
    record.verdict = Verdict::fail;
    record.brief = outcome.substr(k_fail.size());
  } else if (outcome.starts_with(k_skip)) {
    record.verdict = Verdict::skip;
    record.brief = outcome.substr(k_skip.size());
  } else {
    record.verdict = Verdict::pass;
    const std::string_view details = outcome.substr(k_pass.size());
    const auto [end, error] =
        std::from_chars(details.data(), details.data() + details.size(), record.counts.passed);
    const bool is_count =
        error == std::errc() && std::string_view(end, details.data() + details.size()).starts_with(" test");
    record.counts.passed = is_count ? record.counts.passed : 0; // people write `PASS (32s)`
    record.counted = record.counts.passed > 0;
    record.flaky = details.find(", flaky") != std::string_view::npos;
  }
}

} // namespace

Result<std::vector<Record>> told_results(const Plan& plan, std::string_view text) {
  const Document document = Document::parse(text);
  if (!document.is_progress_document()) {
    return Error{ExitCode::input, "expected a progress file"};
  }
  if (const std::string config = document.config().value_or(""); !same_config(config, plan.common.config)) {
    return Error{ExitCode::input, fmt::format("it is of another configuration: {} there, {} here",
                                              printable(config), plan.common.config)};
  }
  const auto lines = newest_lines(document);
  std::vector<Record> records;
  const Boxes boxes(plan);
  for (const Box& box : boxes) {
    const std::vector<BoxCell> cells = cells_of(box);
    const bool is_open = document.box(box.row->name, box.column->name) == BoxState::open;
    for (const BoxCell& cell : cells) {
      const auto found = lines.find(cell.label());
      if (found == lines.end() || (found->second.first.passed && is_open && cells.size() == 1)) {
        continue;
      }
      const auto& [entry, line] = found->second;
      Record record;
      record.cell = cell.name();
      record.row = box.row->name;
      record.column = box.column->name;
      record.profile = plan.common.profile;
      record.axes = cell.variant->axes;
      record.identity = cell_identity(plan.common, record.row, record.axes);
      record.finished = entry.time;
      record.duration = entry.duration.value_or(Milliseconds(0));
      record.source = "progress-file";
      record.share = entry.share;
      read_outcome(entry.outcome, record);
      record.id =
          fmt::format("{:012x}-{}", entry.time.time_since_epoch().count(), fingerprint(line).substr(0, 8));
      records.push_back(std::move(record));
    }
  }
  return records;
}

} // namespace ctest_matrix
