#include "progress/log_line.hpp"

#include "base/text.hpp"
#include "plan/share_name.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_brief = 300; ///< bytes
constexpr std::string_view k_share = " (share ";

/// The text on one line, without control characters, cut where it gets long.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : printable(text)) {
    const bool space = c == '\n' || c == '\t' || c == ' ';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return ellipsis(trim(line), k_longest_brief);
}

std::string pass_details(const Record& record) {
  std::vector<std::string> details;
  if (!record.counted) {
    details.emplace_back("nothing counted");
  }
  if (record.counts.ran() > 0) {
    details.push_back(fmt::format("{} tests", record.counts.ran()));
  }
  if (record.counts.skipped > 0) {
    details.push_back(fmt::format("{} skipped", record.counts.skipped));
  }
  if (record.lost > 0) {
    details.push_back(fmt::format("{} fewer than before", record.lost));
  }
  if (record.flaky) {
    details.emplace_back("flaky");
  }
  details.push_back(format_duration(record.duration));
  if (record.leaked > 0) {
    details.push_back(fmt::format("leaked: {}", record.leaked));
  }
  for (const std::string& service : record.restarted) {
    details.push_back(fmt::format("{} restarted", service));
  }
  return join(details, ", ");
}

std::string fail_reason(const Record& record) {
  std::string brief = one_line(record.brief);
  if (brief.empty() && !record.failures.empty()) {
    brief = one_line(record.failures.front().test);
  }
  if (record.verdict == Verdict::fail) {
    return brief.empty() ? "no reason given" : brief;
  }
  const std::string_view name = verdict_name(record.verdict);
  if (brief.empty()) {
    return std::string(name);
  }
  return brief.starts_with(fmt::format("{}:", name)) ? brief : fmt::format("{}: {}", name, brief);
}

/// The duration among the details of `PASS (25 tests, 31.2s, leaked: 1)`.
std::optional<Milliseconds> pass_duration(std::string_view outcome) {
  constexpr std::string_view k_pass = "PASS (";
  if (!outcome.starts_with(k_pass)) {
    return std::nullopt;
  }
  outcome.remove_prefix(k_pass.size());
  for (const std::string& detail : split(outcome.substr(0, outcome.find(')')), ',')) {
    if (const auto duration = parse_duration(trim(detail))) {
      return duration;
    }
  }
  return std::nullopt;
}

} // namespace

std::string outcome_text(const Record& record) {
  if (record.verdict == Verdict::pass) {
    return fmt::format("PASS ({})", pass_details(record));
  }
  if (record.verdict == Verdict::skip) {
    const std::string reason = one_line(record.brief);
    return fmt::format("SKIP - {}", reason.empty() ? "no reason given" : reason);
  }
  return fmt::format("FAIL - {}", fail_reason(record));
}

std::string log_line(const Record& record, std::string_view label) {
  const std::string share = record.share.empty() ? "" : fmt::format("{}{})", k_share, record.share);
  return fmt::format("- {} {}: {}{}", format_timestamp(record.finished), label, outcome_text(record), share);
}

std::string note_line(const Record& record) {
  const std::string column = record.column.empty() ? "" : fmt::format(" [{}]", record.column);
  return fmt::format("- {} {}{}: note: {}", format_timestamp(record.finished), record.row, column,
                     one_line(record.brief));
}

std::string completion_line(TimePoint time) {
  return fmt::format("- {} ALL TESTS COMPLETE", format_timestamp(time));
}

std::optional<LogEntry> parse_log_line(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("- ")) {
    return std::nullopt;
  }
  line = trim(line.substr(2));
  const std::size_t space = line.find(' ');
  const std::optional<TimePoint> time = parse_timestamp(line.substr(0, space));
  if (!time || space == std::string_view::npos) {
    return std::nullopt;
  }
  line = trim(line.substr(space));
  const std::size_t end = line.find("]: ");
  if (end == std::string_view::npos || line.substr(0, end).find('[') == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = line.substr(end + 3);
  const bool passed = rest.starts_with("PASS (") || rest.starts_with("SKIP - ");
  if (!passed && !rest.starts_with("FAIL - ")) {
    return std::nullopt;
  }
  LogEntry entry{std::chrono::floor<std::chrono::seconds>(*time), std::string(line.substr(0, end + 1)),
                 passed, pass_duration(rest), std::string(rest)};
  if (const std::size_t share = rest.rfind(k_share); share != std::string_view::npos && rest.ends_with(')')) {
    const std::string_view name =
        rest.substr(share + k_share.size(), rest.size() - share - k_share.size() - 1);
    if (parse_share_name(name)) {
      entry.share = name;
      entry.outcome = rest.substr(0, share);
    }
  }
  return entry;
}

} // namespace ctest_matrix
