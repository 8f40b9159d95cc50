#include "ctest/evidence.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

constexpr std::string_view k_cell = "conn.native";

std::string line(Verdict verdict, std::optional<Counts> counts) {
  return format_verdict_line({.verdict = verdict,
                              .cell = std::string(k_cell),
                              .counts = counts,
                              .duration = Milliseconds(12),
                              .record = "01-a"});
}

std::string judge(CtestStatus status, std::string output, std::string reason = "",
                  OutputKept kept = OutputKept::whole, Milliseconds timeout = Milliseconds(0)) {
  const CtestResult result{.name = std::string(k_cell),
                           .status = status,
                           .duration = Milliseconds(4020),
                           .output = std::move(output),
                           .output_kept = kept,
                           .reason = std::move(reason)};
  const CtestEvidence evidence = judge_ctest_result(result, k_cell, timeout);
  return fmt::format("{} {}: {}{}", evidence_kind_name(evidence.kind),
                     evidence.verdict ? verdict_name(*evidence.verdict) : "-", evidence.reason,
                     evidence.line ? " [" + evidence.line->record + "]" : "");
}

const Counts k_good{3, 0, 1};
const Counts k_bad{2, 1, 0};
const Counts k_skipped{0, 0, 4};

TEST(CtestEvidence, APassNeedsBoth) {
  EXPECT_EQ(judge(CtestStatus::passed, line(Verdict::pass, k_good)), "pass PASS:  [01-a]");
  EXPECT_EQ(judge(CtestStatus::passed, line(Verdict::pass, std::nullopt)), "pass PASS:  [01-a]");
  EXPECT_EQ(judge(CtestStatus::passed, ""),
            "conflict -: CTest says passed, but the output has no verdict line of this cell");
  EXPECT_EQ(judge(CtestStatus::passed, "...", "", OutputKept::cut),
            "conflict -: CTest says passed, but CTest cut the verdict line off the output");
  EXPECT_EQ(judge(CtestStatus::passed, "", "", OutputKept::unreadable),
            "conflict -: CTest says passed, but the output cannot be unpacked");
  EXPECT_EQ(judge(CtestStatus::passed, line(Verdict::fail, k_bad)),
            "conflict -: CTest says passed, but the cell says FAIL (2 passed, 1 failed) [01-a]");
  EXPECT_EQ(judge(CtestStatus::passed, line(Verdict::skip, k_skipped)),
            "conflict -: CTest says passed, but the cell says SKIP (0 passed, 0 failed) [01-a]");
  EXPECT_EQ(judge(CtestStatus::passed, line(Verdict::pass, k_bad)),
            "conflict -: CTest says passed, but the cell says PASS (2 passed, 1 failed) [01-a]");
  EXPECT_EQ(judge(CtestStatus::passed, line(Verdict::pass, k_skipped)),
            "conflict -: CTest says passed, but the cell says PASS (0 passed, 0 failed) [01-a]");
}

TEST(CtestEvidence, ASkipNeedsBoth) {
  EXPECT_EQ(judge(CtestStatus::skipped, line(Verdict::skip, k_skipped)), "skip SKIP:  [01-a]");
  EXPECT_EQ(judge(CtestStatus::skipped, "[ctest-matrix-skip]\n"),
            "conflict -: CTest says skipped, but the output has no verdict line of this cell");
  EXPECT_EQ(judge(CtestStatus::skipped, line(Verdict::fail, k_bad)),
            "conflict -: CTest says skipped, but the cell says FAIL (2 passed, 1 failed) [01-a]");
  EXPECT_EQ(judge(CtestStatus::skipped, line(Verdict::pass, k_good)),
            "conflict -: CTest says skipped, but the cell says PASS (3 passed, 0 failed) [01-a]");
}

TEST(CtestEvidence, FailuresKeepTheLaunchersVerdictOrCtestsReason) {
  EXPECT_EQ(judge(CtestStatus::failed, line(Verdict::foreign, k_good), "Exit code 4"),
            "failure FOREIGN: CTest: Exit code 4 [01-a]");
  EXPECT_EQ(judge(CtestStatus::failed, "", "Exit code 1"), "failure FAIL: CTest: Exit code 1");
  EXPECT_EQ(judge(CtestStatus::timed_out, "", "Timeout"), "failure TIMEOUT: CTest: Timeout");
  EXPECT_EQ(judge(CtestStatus::killed, "", "Subprocess killed"), "failure CRASH: CTest: Subprocess killed");
  EXPECT_EQ(judge(CtestStatus::crashed, "", "SEGFAULT"), "failure CRASH: CTest: SEGFAULT");
  EXPECT_EQ(judge(CtestStatus::failed, line(Verdict::setup, std::nullopt), "Exit code 5"),
            "setup-failure SETUP: CTest: Exit code 5 [01-a]");
}

TEST(CtestEvidence, AFailureThatTookAllItsTimeIsATimeOut) {
  const auto judge_at = [](CtestStatus status, std::string output, int seconds) {
    return judge(status, std::move(output), "Failed", OutputKept::whole, std::chrono::seconds(seconds));
  };
  EXPECT_EQ(judge_at(CtestStatus::failed, "", 4),
            "failure TIMEOUT: CTest: Failed after 4.0s, its time-out is 4.0s");
  EXPECT_EQ(judge_at(CtestStatus::failed, "", 5), "failure FAIL: CTest: Failed");
  EXPECT_EQ(judge_at(CtestStatus::killed, "", 4), "failure CRASH: CTest: Failed");
  EXPECT_EQ(judge_at(CtestStatus::failed, line(Verdict::fail, k_bad), 4),
            "failure FAIL: CTest: Failed [01-a]");
  EXPECT_EQ(judge_at(CtestStatus::failed, line(Verdict::pass, k_good), 4),
            "conflict -: CTest says failed, but the cell says PASS (3 passed, 0 failed) [01-a]");
}

TEST(CtestEvidence, AKillAfterAPassIsAConflict) {
  for (const CtestStatus status :
       {CtestStatus::failed, CtestStatus::timed_out, CtestStatus::crashed, CtestStatus::killed}) {
    EXPECT_EQ(judge(status, line(Verdict::pass, k_good)),
              fmt::format("conflict -: CTest says {}, but the cell says PASS (3 passed, 0 failed) [01-a]",
                          ctest_status_name(status)));
  }
}

TEST(CtestEvidence, WhatDidNotRunProvesNothing) {
  EXPECT_EQ(judge(CtestStatus::not_run_fixture, "", "Fixture dependency failed"),
            "setup-failure SETUP: CTest: Fixture dependency failed");
  EXPECT_EQ(judge(CtestStatus::disabled, line(Verdict::pass, k_good), "Disabled"),
            "nothing -: CTest: Disabled");
  EXPECT_EQ(judge(CtestStatus::not_run, "", "Unable to find executable"),
            "nothing -: CTest: Unable to find executable");
  EXPECT_EQ(judge(CtestStatus::unknown, line(Verdict::pass, k_good), "the run did not finish"),
            "nothing -: CTest: the run did not finish");
  EXPECT_EQ(judge(CtestStatus::failed, line(Verdict::interrupted, std::nullopt), "Exit code 130"),
            "nothing -: interrupted [01-a]");
}

} // namespace
} // namespace ctest_matrix
