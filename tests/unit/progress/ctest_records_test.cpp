#include "plan/verdict_line.hpp"
#include "progress/ctest_records.hpp"
#include "progress/samples.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

Plan plan() {
  Plan plan;
  plan.common.profile = "default";
  for (const char* column : {"native", "wasm"}) {
    Cell cell;
    cell.name = fmt::format("conn.{}", column);
    cell.row.name = "conn";
    cell.column = column;
    cell.axes = sample_axes("native", "bare");
    cell.timeout = 120;
    plan.cells.push_back(cell);
  }
  return plan;
}

std::string id_at(TimePoint time) {
  return new_record_id(FakeClock(time));
}

CtestResult passed(const std::string& cell, const std::string& record,
                   const std::string& axes = axes_mark(sample_axes("native", "bare"))) {
  const VerdictLine line{.verdict = Verdict::pass,
                         .cell = cell,
                         .counts = Counts{3, 0, 0},
                         .duration = seconds(2),
                         .record = record,
                         .axes = axes};
  return {.name = cell,
          .status = CtestStatus::passed,
          .duration = seconds(2),
          .output = format_verdict_line(line),
          .output_kept = OutputKept::whole,
          .reason = "",
          .end = std::nullopt};
}

CtestResult killed(const std::string& cell) {
  return {.name = cell,
          .status = CtestStatus::failed,
          .duration = seconds(2),
          .output = "half of its output",
          .output_kept = OutputKept::whole,
          .reason = "Failed",
          .end = std::nullopt};
}

/// A run of two minutes that began at noon.
CtestRun run_of(CtestSource source, std::vector<CtestResult> results) {
  CtestRun run;
  run.source = source;
  run.start = k_noon;
  run.end = k_noon + minutes(2);
  run.identity = fmt::format("{}-content", ctest_source_name(source));
  run.results = std::move(results);
  return run;
}

std::vector<std::string> show(const std::vector<Record>& records) {
  std::vector<std::string> lines;
  for (const Record& record : records) {
    lines.push_back(fmt::format("{} {} after {}: {}", record.cell, verdict_name(record.verdict),
                                format_duration(record.finished - k_noon), record.brief));
  }
  return lines;
}

constexpr TimePoint k_written = k_noon + hours(5);

TEST(CtestRecords, WhatHasNoTimeCountsFromTheEndOfTheRun) {
  const CtestRun run =
      run_of(CtestSource::junit, {passed("conn.native", id_at(k_noon + seconds(7))), killed("conn.wasm")});
  EXPECT_THAT(show(new_records(plan(), run, {}, k_written)),
              ElementsAre("conn.native PASS after 7.0s: ", "conn.wasm FAIL after 2m 00s: CTest: Failed"));
}

TEST(CtestRecords, TheFirstAttemptOfARepeatedCellDoesNotOutliveItsLast) {
  // ctest --repeat until-fail:2: the first attempt passed, and its record is newer than the begin of the run.
  Record first = sample_record("conn", "wasm", seconds(60));
  const auto records =
      new_records(plan(), run_of(CtestSource::junit, {killed("conn.wasm")}), {&first, 1}, k_written);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_GT(records.front().finished, first.finished);
}

TEST(CtestRecords, OfAnotherConfigurationSayNothing) {
  const std::string id = id_at(k_noon + seconds(7));
  const auto taken = [&](const std::string& axes) {
    const CtestRun run = run_of(CtestSource::junit, {passed("conn.native", id, axes)});
    return new_records(plan(), run, {}, k_written).size();
  };
  EXPECT_EQ(taken(axes_mark(sample_axes("native", "bare"))), 1U);
  EXPECT_EQ(taken(axes_mark(sample_axes("native", "cbor"))), 0U);
  EXPECT_EQ(taken(""), 0U);
}

TEST(CtestRecords, NothingIsLaterThanItsFile) {
  const CtestRun run = run_of(CtestSource::junit, {killed("conn.wasm")});
  EXPECT_THAT(show(new_records(plan(), run, {}, k_noon + seconds(90))),
              ElementsAre("conn.wasm FAIL after 1m 30s: CTest: Failed"));
}

TEST(CtestRecords, ATestsOwnEndIsNearerThanThatOfTheRun) {
  CtestRun run = run_of(CtestSource::last_test_log, {killed("conn.wasm")});
  run.results.front().end = k_noon + seconds(60);
  EXPECT_THAT(show(new_records(plan(), run, {}, k_written)),
              ElementsAre("conn.wasm FAIL after 1m 00s: CTest: Failed"));
}

TEST(CtestRecords, OfAnotherTimeZone) {
  // The records of its cells tell that the run was nine hours and a half earlier than its file seems to say.
  CtestRun run =
      run_of(CtestSource::junit, {passed("conn.native", id_at(k_noon + seconds(7))), killed("conn.wasm")});
  const Milliseconds zone = hours(9) + minutes(30);
  *run.start += zone;
  *run.end += zone;
  EXPECT_THAT(show(new_records(plan(), run, {}, k_written + zone)),
              ElementsAre("conn.native PASS after 7.0s: ", "conn.wasm FAIL after 2m 00s: CTest: Failed"));
  run.zone_known = true;
  EXPECT_THAT(show(new_records(plan(), run, {}, k_written + zone)),
              ElementsAre("conn.native PASS after 7.0s: ", "conn.wasm FAIL after 9h 32m: CTest: Failed"));
}

TEST(CtestRecords, EachResultOnceWhicheverFileTellsIt) {
  const std::string id = id_at(k_noon + seconds(7));
  const CtestRun first = run_of(CtestSource::last_test_log, {passed("conn.native", id), killed("conn.wasm")});
  CtestRun second = run_of(CtestSource::test_xml, {passed("conn.native", id), killed("conn.wasm")});
  second.results.back().status = CtestStatus::killed;
  const std::vector<Record> known = new_records(plan(), first, {}, k_written);
  EXPECT_EQ(known.size(), 2U);
  EXPECT_THAT(new_records(plan(), first, known, k_written), ElementsAre());
  EXPECT_THAT(new_records(plan(), second, known, k_written), ElementsAre());
}

TEST(CtestRecords, EachResultOnceAlsoWhereNoCellCameToItsEnd) {
  const CtestRun first = run_of(CtestSource::last_test_log, {killed("conn.wasm")});
  CtestRun second = run_of(CtestSource::junit, {killed("conn.wasm")});
  std::vector<Record> known = new_records(plan(), first, {}, k_written);
  EXPECT_THAT(new_records(plan(), second, known, k_written), ElementsAre());
  // Later, or with a pass in between, it is another failure.
  *second.end += minutes(2);
  EXPECT_EQ(new_records(plan(), second, known, k_written).size(), 1U);
  *second.end -= minutes(2);
  known.push_back(sample_record("conn", "wasm", minutes(2) + seconds(1)));
  EXPECT_EQ(new_records(plan(), second, known, k_written).size(), 1U);
}

TEST(CtestRecords, TwoRunsOfOneMinuteMayLeaveTheSameLog) {
  const CtestRun run = run_of(CtestSource::last_test_log, {killed("conn.wasm")});
  const std::vector<Record> known = new_records(plan(), run, {}, k_noon + seconds(10));
  EXPECT_THAT(new_records(plan(), run, known, k_noon + seconds(10)), ElementsAre());
  EXPECT_EQ(new_records(plan(), run, known, k_noon + seconds(12)).size(), 1U);
}

TEST(CtestRecords, ACellsOwnRecordIsTheOnlyOneUnlessCtestSawItFail) {
  Record own = sample_record("conn", "native", seconds(7));
  CtestRun run = run_of(CtestSource::junit, {passed("conn.native", own.id)});
  EXPECT_THAT(new_records(plan(), run, {&own, 1}, k_written), ElementsAre());
  run.results.front().status = CtestStatus::failed;
  run.results.front().reason = "Failed";
  EXPECT_THAT(show(new_records(plan(), run, {&own, 1}, k_written)),
              ElementsAre("conn.native FAIL after 2m 00s: CTest says failed, but the cell says PASS (3 "
                          "passed, 0 failed)"));
}

} // namespace
} // namespace ctest_matrix
