#include "ctest/results.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

namespace ctest_matrix {

std::string_view ctest_status_name(CtestStatus status) {
  switch (status) {
  case CtestStatus::passed:
    return "passed";
  case CtestStatus::failed:
    return "failed";
  case CtestStatus::timed_out:
    return "timed-out";
  case CtestStatus::crashed:
    return "crashed";
  case CtestStatus::killed:
    return "killed";
  case CtestStatus::skipped:
    return "skipped";
  case CtestStatus::disabled:
    return "disabled";
  case CtestStatus::not_run_fixture:
    return "not-run-fixture";
  case CtestStatus::not_run:
    return "not-run";
  case CtestStatus::unknown:
    break;
  }
  return "unknown";
}

std::string_view ctest_source_name(CtestSource source) {
  switch (source) {
  case CtestSource::junit:
    return "junit";
  case CtestSource::test_xml:
    return "test-xml";
  case CtestSource::last_test_log:
    break;
  }
  return "last-test-log";
}

std::string ctest_run_identity(CtestSource source, std::string_view text) {
  return fmt::format("{}-{}", ctest_source_name(source), fingerprint(text));
}

OutputKept output_kept(std::string_view output) {
  constexpr std::string_view k_removed =
      "[This part of the test output was removed since it exceeds the threshold of ";
  return output.find(k_removed) == std::string_view::npos ? OutputKept::whole : OutputKept::cut;
}

void distrust_repeated_names(std::vector<CtestResult>& results) {
  std::map<std::string, int> uses;
  for (const CtestResult& result : results) {
    ++uses[result.name];
  }
  for (CtestResult& result : results) {
    if (uses[result.name] > 1) {
      result.status = CtestStatus::unknown;
      result.reason = "several tests have this name";
    }
  }
}

std::optional<Milliseconds> parse_ctest_seconds(std::string_view text) {
  double seconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr double k_most = 1e11;
  if (code != std::errc() || end != text.data() + text.size() || !(seconds >= 0 && seconds <= k_most)) {
    return std::nullopt;
  }
  return Milliseconds(std::llround(seconds * 1000));
}

CtestStatus ctest_failed_status(std::string_view ending) {
  if (ending == "Timeout") {
    return CtestStatus::timed_out;
  }
  if (ending == "Subprocess killed" || ending == "Subprocess terminated" || ending == "User interrupt") {
    return CtestStatus::killed;
  }
  return ending.empty() || ending == "Failed" ? CtestStatus::failed : CtestStatus::crashed;
}

CtestStatus ctest_not_run_status(std::string_view completion) {
  if (completion == "Disabled") {
    return CtestStatus::disabled;
  }
  if (completion == "Fixture dependency failed") {
    return CtestStatus::not_run_fixture;
  }
  return completion.starts_with("SKIP_RETURN_CODE=") || completion == "SKIP_REGULAR_EXPRESSION_MATCHED"
             ? CtestStatus::skipped
             : CtestStatus::not_run;
}

} // namespace ctest_matrix
