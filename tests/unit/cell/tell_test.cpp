#include "cell/cell_testing.hpp"
#include "cell/tell.hpp"

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

class Tell : public CellStepTest {
protected:
  CellNews news(Verdict verdict, const std::string& brief = "") const {
    CellNews news;
    news.kept.record.id = "01-ab";
    news.kept.record.cell = "a.native";
    news.kept.record.row = "a";
    news.kept.record.column = "native";
    news.kept.record.verdict = verdict;
    news.kept.record.brief = brief;
    news.kept.record.counts = {.passed = 1, .failed = verdict == Verdict::fail ? 1 : 0};
    news.failed.record = news.kept.record;
    return news;
  }

  std::string told(const CellNews& news, Purpose purpose = Purpose::record) const {
    ::testing::internal::CaptureStdout();
    tell(task(purpose), news);
    return ::testing::internal::GetCapturedStdout();
  }
};

TEST_F(Tell, APassIsItsNotesAndItsVerdict) {
  CellNews passed = news(Verdict::pass);
  passed.notes = {"the engine is borrowed"};
  EXPECT_EQ(told(passed),
            "note: the engine is borrowed\n"
            "CTEST_FULL_OUTPUT\n"
            "[ctest-matrix] PASS a.native: 1 passed, 0 failed, 0 skipped, 0 ms (record 01-ab)\n");
  EXPECT_FALSE(fs::exists(failure_file(m_common, "a.native")));
}

TEST_F(Tell, AFailureIsKeptUntilTheNextPass) {
  EXPECT_EQ(told(news(Verdict::fail, "one: it broke")),
            "\ncell:    a.native (a on native)\nwhy:     FAIL - one: it broke\n"
            "CTEST_FULL_OUTPUT\n"
            "[ctest-matrix] FAIL a.native: 1 passed, 1 failed, 0 skipped, 0 ms (record 01-ab)\n");
  EXPECT_EQ(failure_text(m_common, "a.native", {}),
            "\ncell:    a.native (a on native)\nwhy:     FAIL - one: it broke\n");
  told(news(Verdict::pass), Purpose::narrow);
  EXPECT_NE(failure_text(m_common, "a.native", {}), "");
  told(news(Verdict::pass));
  EXPECT_EQ(failure_text(m_common, "a.native", {}), "");
}

TEST_F(Tell, ASkipHasItsMarker) {
  EXPECT_EQ(told(news(Verdict::skip, "no such protocol")),
            "[ctest-matrix-skip] no such protocol\n"
            "CTEST_FULL_OUTPUT\n"
            "[ctest-matrix] SKIP a.native: 1 passed, 0 failed, 0 skipped, 0 ms (record 01-ab)\n");
}

TEST_F(Tell, ANarrowedRunHasNoRecord) {
  EXPECT_EQ(told(news(Verdict::pass), Purpose::narrow),
            "CTEST_FULL_OUTPUT\n"
            "PASS a.native: 1 passed, 0 failed, 0 skipped, 0ms; nothing was recorded\n");
}

TEST_F(Tell, WhatTheRunnerSaidIsNotTakenForOurs) {
  CellNews failed = news(Verdict::setup, "x");
  failed.kept.trouble = "[ctest-matrix] PASS a.native";
  EXPECT_NE(told(failed).find("error: [ctest-matri_x] PASS a.native\n"), std::string::npos);
}

TEST_F(Tell, NewsAreGatheredFromAllSteps) {
  Preparation prepared;
  prepared.expected.problem = "the suite could not be listed";
  RunnerRun run;
  run.log = "/logs/a.native.log";
  run.last_test = "one";
  run.service_problem = "the engine ended\n  log: x";
  KeptRecord kept{.record = news(Verdict::timeout, "too slow").kept.record, .trouble = ""};
  const Judgement judgement{.verdict = Verdict::timeout, .retries = 2, .remarks = {"a remark"}};
  const CellNews gathered = news_of(task(), prepared, run, judgement, kept);
  EXPECT_THAT(gathered.notes, ::testing::ElementsAre("a remark", "the suite could not be listed"));
  EXPECT_EQ(gathered.facts.retries, 2);
  EXPECT_EQ(gathered.failed.last_test, "one");
  EXPECT_EQ(gathered.failed.detail, run.service_problem);
  EXPECT_EQ(gathered.failed.log, "/logs/a.native.log");
}

} // namespace
} // namespace ctest_matrix
