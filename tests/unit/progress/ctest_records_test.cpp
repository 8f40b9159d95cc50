#include "base/text.hpp"
#include "matrix/own_parts.hpp"
#include "plan/identity.hpp"
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
    own_row(cell).name = "conn";
    own_variant(cell).column = column;
    own_variant(cell).axes = sample_axes("native", "bare");
    cell.timeout = 120;
    plan.cells.push_back(cell);
  }
  return plan;
}

std::string id_at(TimePoint time) {
  return new_record_id(FakeClock(time));
}

CtestResult passed(const std::string& cell, const std::string& record,
                   const Assignment& axes = sample_axes("native", "bare")) {
  const VerdictLine line{.verdict = Verdict::pass,
                         .cell = cell,
                         .counts = Counts{3, 0, 0},
                         .duration = seconds(2),
                         .record = record,
                         .identity = cell_identity(plan().common, "conn", axes),
                         .basis = "0123abcd"};
  return {.name = cell,
          .status = CtestStatus::passed,
          .duration = seconds(2),
          .output = format_verdict_line(line),
          .output_kept = OutputKept::whole,
          .reason = ""};
}

CtestResult killed(const std::string& cell) {
  return {.name = cell,
          .status = CtestStatus::failed,
          .duration = seconds(2),
          .output = "half of its output",
          .output_kept = OutputKept::whole,
          .reason = "Failed"};
}

/// A run of two minutes that began at noon.
CtestRun run_of(CtestSource source, std::vector<CtestResult> results) {
  CtestRun run;
  run.zone_known = true;
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

/// As `new_records`, of the sample's plan.
std::vector<Record> records_of(const CtestRun& run, std::span<const Record> known = {},
                               TimePoint written = k_written) {
  return new_records(plan(), run, known, written).records;
}

TEST(CtestRecords, WhatHasNoTimeCountsFromTheEndOfTheRun) {
  const CtestRun run =
      run_of(CtestSource::junit, {passed("conn.native", id_at(k_noon + seconds(7))), killed("conn.wasm")});
  EXPECT_THAT(show(records_of(run)),
              ElementsAre("conn.native PASS after 7.0s: ", "conn.wasm FAIL after 2m 00s: CTest: Failed"));
}

TEST(CtestRecords, TheFirstAttemptOfARepeatedCellDoesNotOutliveItsLast) {
  // ctest --repeat until-fail:2: the first attempt passed, and its record is newer than the begin of the run.
  Record first = sample_record("conn", "wasm", seconds(60));
  const auto records = records_of(run_of(CtestSource::junit, {killed("conn.wasm")}), {&first, 1}, k_written);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_GT(records.front().finished, first.finished);
}

TEST(CtestRecords, OfAnotherConfigurationSayNothing) {
  const std::string id = id_at(k_noon + seconds(7));
  const auto told = [&](CtestResult result) {
    return new_records(plan(), run_of(CtestSource::junit, {std::move(result)}), {}, k_written);
  };
  const RunRecords own = told(passed("conn.native", id));
  ASSERT_EQ(own.records.size(), 1U);
  EXPECT_EQ(own.records.front().digest, "0123abcd");
  EXPECT_EQ(own.own, 1);
  EXPECT_EQ(own.foreign, 0);
  const RunRecords other = told(passed("conn.native", id, sample_axes("native", "cbor")));
  EXPECT_THAT(other.records, ElementsAre());
  EXPECT_EQ(other.own, 1);
  EXPECT_EQ(other.foreign, 0);
  EXPECT_THAT(told(passed("other.native", id)).records, ElementsAre());
}

// Two packages of a repository whose cells have the same names.
TEST(CtestRecords, OfAnotherMatrixSayNothing) {
  Plan other = plan();
  other.common.places.matrix = "/checkout/other/matrix.yaml";
  other.common.places.root = "/checkout";
  const CtestRun run = run_of(CtestSource::junit, {passed("conn.native", id_at(k_noon + seconds(7)))});
  EXPECT_EQ(new_records(other, run, {}, k_written).foreign, 1);
}

TEST(CtestRecords, OfVersion01OnlyFailuresCount) {
  CtestResult old = passed("conn.native", id_at(k_noon + seconds(7)));
  const std::string axes = axes_mark(sample_axes("native", "bare"));
  const auto line = [&](std::string_view verdict, const std::string& mark) {
    return fmt::format(
        "[ctest-matrix] {} conn.native: 2 passed, 1 failed, 0 skipped, 9 ms, axes {} (record 01-ab)\n",
        verdict, mark);
  };
  old.output = replace_all(line("PASS", axes), "1 failed", "0 failed");
  EXPECT_EQ(new_records(plan(), run_of(CtestSource::junit, {old}), {}, k_written).foreign, 1);
  old.status = CtestStatus::failed;
  old.output = line("FAIL", axes);
  EXPECT_EQ(records_of(run_of(CtestSource::junit, {old})).size(), 1U);
  old.output = line("FAIL", "00000000");
  EXPECT_THAT(records_of(run_of(CtestSource::junit, {old})), ElementsAre());
}

TEST(CtestRecords, NothingIsLaterThanItsFile) {
  const CtestRun run = run_of(CtestSource::junit, {killed("conn.wasm")});
  EXPECT_THAT(show(records_of(run, {}, k_noon + seconds(90))),
              ElementsAre("conn.wasm FAIL after 1m 30s: CTest: Failed"));
}

// Its times are of a zone that only its writer knows.
TEST(CtestRecords, AFileWithoutAZoneIsAsOldAsItself) {
  CtestRun run =
      run_of(CtestSource::junit, {passed("conn.native", id_at(k_noon + seconds(7))), killed("conn.wasm")});
  run.zone_known = false;
  *run.start -= hours(8);
  *run.end -= hours(8);
  EXPECT_THAT(show(records_of(run, {}, k_noon + minutes(3))),
              ElementsAre("conn.native PASS after 7.0s: ", "conn.wasm FAIL after 3m 00s: CTest: Failed"));
}

TEST(CtestRecords, EachResultOnceWhicheverFileTellsIt) {
  const std::string id = id_at(k_noon + seconds(7));
  const CtestRun first = run_of(CtestSource::last_test_log, {passed("conn.native", id), killed("conn.wasm")});
  CtestRun second = run_of(CtestSource::test_xml, {passed("conn.native", id), killed("conn.wasm")});
  second.results.back().status = CtestStatus::killed;
  const std::vector<Record> known = records_of(first);
  EXPECT_EQ(known.size(), 2U);
  EXPECT_THAT(records_of(first, known, k_written), ElementsAre());
  EXPECT_THAT(records_of(second, known, k_written), ElementsAre());
}

TEST(CtestRecords, EachResultOnceAlsoWhereNoCellCameToItsEnd) {
  const CtestRun first = run_of(CtestSource::last_test_log, {killed("conn.wasm")});
  CtestRun second = run_of(CtestSource::junit, {killed("conn.wasm")});
  std::vector<Record> known = records_of(first);
  EXPECT_THAT(records_of(second, known, k_written), ElementsAre());
  // Later, or with a pass in between, it is another failure.
  *second.end += minutes(2);
  EXPECT_EQ(records_of(second, known, k_written).size(), 1U);
  *second.end -= minutes(2);
  known.push_back(sample_record("conn", "wasm", minutes(2) + seconds(1)));
  EXPECT_EQ(records_of(second, known, k_written).size(), 1U);
}

TEST(CtestRecords, TwoRunsOfOneMinuteMayLeaveTheSameLog) {
  const CtestRun run = run_of(CtestSource::last_test_log, {killed("conn.wasm")});
  const std::vector<Record> known = records_of(run, {}, k_noon + seconds(10));
  EXPECT_THAT(records_of(run, known, k_noon + seconds(10)), ElementsAre());
  EXPECT_EQ(records_of(run, known, k_noon + seconds(12)).size(), 1U);
}

TEST(CtestRecords, ACellsOwnRecordIsTheOnlyOneUnlessCtestSawItFail) {
  Record own = sample_record("conn", "native", seconds(7));
  CtestRun run = run_of(CtestSource::junit, {passed("conn.native", own.id)});
  EXPECT_THAT(records_of(run, {&own, 1}, k_written), ElementsAre());
  run.results.front().status = CtestStatus::failed;
  run.results.front().reason = "Failed";
  EXPECT_THAT(show(records_of(run, {&own, 1}, k_written)),
              ElementsAre("conn.native FAIL after 2m 00s: CTest says failed, but the cell says PASS (3 "
                          "passed, 0 failed)"));
}

} // namespace
} // namespace ctest_matrix
