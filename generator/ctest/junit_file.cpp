#include "ctest/junit_file.hpp"

#include "base/input_text.hpp"
#include "base/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <iterator>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_junit_file = "CTest JUnit file";

/// `2026-01-31T09:05:07` in local time.
std::optional<TimePoint> parse_local_time(const std::string& text) {
  std::tm parts{};
  const char* const end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end == nullptr || *end != '\0') {
    return std::nullopt;
  }
  parts.tm_isdst = -1;
  const std::time_t seconds = std::mktime(&parts);
  if (seconds == -1) {
    return std::nullopt;
  }
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::from_time_t(seconds));
}

Result<CtestResult> parse_case(const XmlElement& element) {
  CtestResult result;
  result.name = element.value("name");
  if (result.name.empty()) {
    return bad_input(k_junit_file, "a test without a name");
  }
  const std::string_view status = element.value("status");
  const XmlElement* const failure = element.child("failure");
  const XmlElement* const skipped = element.child("skipped");
  const auto error = [&](std::string_view message) {
    return bad_input(k_junit_file, fmt::format("test '{}': {}", clean_text(result.name), message));
  };
  if (status == "run") {
    if (failure != nullptr || skipped != nullptr) {
      return error("status 'run' with a failure or a skip in it");
    }
    result.status = CtestStatus::passed;
  } else if (status == "fail") {
    result.reason = failure == nullptr ? "" : clean_text(failure->value("message"));
    // CTest 3.25 tells an expression that did not match, and no ending; later ones the reverse.
    const bool by_output = result.reason.find(" regular expression ") != std::string::npos;
    result.status = by_output ? CtestStatus::failed : ctest_failed_status(result.reason);
    if (result.reason.empty()) {
      result.reason = "Failed";
    }
  } else if (status == "notrun") {
    result.reason = skipped == nullptr ? "" : clean_text(skipped->value("message"));
    result.status = ctest_not_run_status(result.reason);
  } else if (status == "disabled") {
    result.status = CtestStatus::disabled;
    result.reason = "Disabled";
  } else {
    return error(
        fmt::format("unknown status '{}'; expected one of: run, fail, notrun, disabled", clean_text(status)));
  }
  if (status == "run" || status == "fail" || result.status == CtestStatus::skipped) {
    result.duration = parse_ctest_seconds(element.value("time"));
  }
  if (const XmlElement* const output = element.child("system-out")) {
    result.output = output->text;
  }
  result.output_kept = output_kept(result.output);
  return result;
}

std::optional<Error> check_counts(const XmlElement& suite, const std::vector<CtestResult>& results) {
  const auto listed = [&](auto... statuses) {
    return std::count_if(results.begin(), results.end(),
                         [&](const CtestResult& result) { return ((result.status == statuses) || ...); });
  };
  const std::pair<const char*, std::ptrdiff_t> counts[] = {
      {"tests", std::ssize(results)},
      {"failures",
       listed(CtestStatus::failed, CtestStatus::timed_out, CtestStatus::crashed, CtestStatus::killed)},
      {"disabled", listed(CtestStatus::disabled)},
      {"skipped", listed(CtestStatus::skipped, CtestStatus::not_run_fixture, CtestStatus::not_run)}};
  for (const auto& [attribute, count] : counts) {
    if (suite.value(attribute) != fmt::format("{}", count)) {
      return bad_input(k_junit_file, fmt::format("{}=\"{}\", but {} listed", attribute,
                                                 clean_text(suite.value(attribute)), count));
    }
  }
  return std::nullopt;
}

} // namespace

Result<CtestRun> parse_ctest_junit(std::string_view text) {
  TRY_ASSIGN(const XmlElement suite, parse_xml(text, k_junit_file));
  if (suite.name != "testsuite") {
    return bad_input(k_junit_file, fmt::format("root element <{}>; expected <testsuite>", suite.name));
  }
  CtestRun run;
  run.source = CtestSource::junit;
  run.host = suite.value("hostname");
  run.build_name = suite.value("name") == "(empty)" ? "" : suite.value("name");
  run.start = parse_timestamp(suite.value("timestamp"));
  run.zone_known = run.start.has_value();
  run.start = run.start ? run.start : parse_local_time(std::string(suite.value("timestamp")));
  if (const auto elapsed = parse_ctest_seconds(suite.value("time")); elapsed && run.start) {
    run.end = *run.start + *elapsed + std::chrono::seconds(1);
  }
  run.identity = ctest_run_identity(run.source, text);
  for (const XmlElement& element : suite.children) {
    if (element.name == "properties") {
      continue;
    }
    if (element.name != "testcase") {
      return bad_input(k_junit_file, fmt::format("unknown element <{}>", element.name));
    }
    TRY_ASSIGN(CtestResult result, parse_case(element));
    run.results.push_back(std::move(result));
  }
  if (auto error = check_counts(suite, run.results)) {
    return *error;
  }
  distrust_repeated_names(run.results);
  return run;
}

} // namespace ctest_matrix
