#include "base/json.hpp"
#include "progress/samples.hpp"
#include "report/page_html.hpp"
#include "report/standings.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ProgressReport report_of(std::vector<CellStanding> standings) {
  use_utc();
  ProgressReport report;
  report.title = "Driver Test Suite Progress";
  report.columns = {"native", "wasm"};
  report.standings = std::move(standings);
  report.parity = compare_tests(report.standings);
  return report;
}

const Plan k_no_plan{};

PageInput input_of(const ProgressReport& report, const Plan& plan = k_no_plan) {
  PageInput input{.report = report,
                  .plan = plan,
                  .rows = {},
                  .evidence = {},
                  .prefix = "",
                  .matrix = "matrix.yaml",
                  .now = k_noon};
  for (const CellStanding& cell : report.standings) {
    if (input.rows.empty() || input.rows.back().name != cell.row) {
      input.rows.push_back({.name = cell.row,
                            .suite = "Suite of " + cell.row,
                            .label = "fast",
                            .excluded = "",
                            .place = "matrix.yaml:12"});
    }
  }
  return input;
}

Json data_of(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = page.find(begin) + begin.size();
  return *parse_json(page.substr(from, page.find("</script>", from) - from));
}

TEST(ReportHtml, HoldsTheMarksOfTheGrid) {
  CellStanding stale = standing_of("b", "wasm", Verdict::pass, {"+t"});
  stale.stale = {"artifact wasm"};
  CellStanding by_hand = standing_of("c", "native");
  by_hand.ticked = true;
  CellStanding open = standing_of("c", "wasm", Verdict::pass, {"+t"});
  open.ticked = false;
  const ProgressReport report = report_of(
      {standing_of("a", "native", Verdict::pass, {"+t"}), standing_of("a", "wasm", Verdict::fail, {"-t"}),
       standing_of("b", "native", Verdict::setup, {}), stale, by_hand, open, standing_of("d", "native"),
       standing_of("d", "wasm", Verdict::skip, {"=t"})});
  const Json data = data_of(render_report_html(input_of(report), "nonce"));
  std::vector<std::string> marks;
  for (const Json& cell : data["cells"].items()) {
    marks.push_back(cell["mark"].string_or(""));
  }
  EXPECT_THAT(marks, ::testing::ElementsAre("passed", "failed", "blocked", "stale", "by-hand", "unticked",
                                            "never-run", "skipped"));
  EXPECT_EQ(data["cells"][3]["stale"], Json::array({"artifact wasm"}));
  EXPECT_EQ(data["rows"][0]["tests"]["tests"], *parse_json(R"([["t", "pf"]])"));
}

TEST(ReportHtml, HasTheSourceBesideTheMessage) {
  CellStanding cell = standing_of("a", "native", Verdict::fail, {"-t", "-u"});
  cell.newest->failures = {{"t", "Error: no", "a.ts", 7}, {"u", "Error: no", "", 0}};
  const ProgressReport report = report_of({cell});
  PageInput input = input_of(report);
  input.evidence["a.native"].excerpts = {">  7 | expect(1).toBe(2)", ""};
  const Json data = data_of(render_report_html(input, "nonce"));
  const Json& failures = data["cells"][0]["failures"];
  EXPECT_EQ(failures[0]["excerpt"].string_or(""), ">  7 | expect(1).toBe(2)");
  EXPECT_EQ(failures[1]["excerpt"].string_or("none"), "none");
}

TEST(ReportHtml, TakesNoTextForMarkup) {
  const std::string evil =
      "</script><script>alert(1)</script><!--'\"&@DATA@\x1b[31m\x07\xff\xc3( \xe2\x80\xae";
  CellStanding cell = standing_of("a", "native", Verdict::fail, {"-t"}, evil);
  cell.newest->failures = {{evil, evil, evil, 7}};
  cell.newest->tests = {{evil, TestOutcome::Kind::failed}};
  cell.newest->command = "run " + evil;
  ProgressReport report = report_of({cell});
  report.title = evil;
  PageInput input = input_of(report);
  input.rows[0].suite = evil;
  input.evidence["a.native"] = {"narrow " + evil, evil, evil};
  const std::string page = render_report_html(input, "nonce");
  const std::size_t scripts = std::string_view(page).find("alert(1)</script>");
  EXPECT_EQ(scripts, std::string::npos);
  EXPECT_EQ(page.find("<!--"), std::string::npos);
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
  const Json data = data_of(page);
  EXPECT_THAT(data["title"].string_or(""), HasSubstr("</script><script>alert(1)</script><!--'\"&@DATA@"));
  EXPECT_THAT(data["cells"][0]["failures"][0]["message"].string_or(""), HasSubstr("@DATA@"));
  EXPECT_THAT(data["cells"][0]["tail"].string_or(""), HasSubstr("</script>"));
  // A terminal takes an escape sequence in a pasted line for its own.
  EXPECT_EQ(data["cells"][0]["narrowed"], "");
  EXPECT_EQ(data["cells"][0].find("command"), nullptr);
}

TEST(ReportHtml, HasOneNonceAndNoPlaceholderLeft) {
  const ProgressReport report = report_of({standing_of("a", "native", Verdict::pass, {"+t"})});
  const std::string page = render_report_html(input_of(report), "0123456789abcdef");
  EXPECT_THAT(page, HasSubstr("script-src 'nonce-0123456789abcdef'; style-src 'nonce-0123456789abcdef'"));
  for (const char* name : {"@NONCE@", "@TITLE@", "@DATA@", "@TEXT@"}) {
    EXPECT_THAT(page, Not(HasSubstr(name)));
  }
  EXPECT_THAT(page, HasSubstr("<pre tabindex=\"0\">"));
  EXPECT_THAT(page, HasSubstr("a  ✓ 1 test, 31.2s"));
}

/// 200 rows, two columns; every cell fails with everything that it can fail with, and has run often.
TEST(ReportHtml, StaysBelowItsLimitForFourHundredCells) {
  std::vector<CellStanding> standings;
  Plan plan;
  plan.common.profile = "default";
  for (const std::string column : {"native", "wasm"}) {
    plan.common.columns.emplace_back().name = column;
    plan.common.columns.back().variants = {{column, {{"runtime", column}}}};
  }
  ProgressReport report;
  std::vector<Row> rows;
  for (int row = 0; row < 200; ++row) {
    const std::string name = "some-driver-test-file-" + std::to_string(row);
    rows.emplace_back().name = name;
    rows.back().label = "fast";
    for (const std::string column : {"native", "wasm"}) {
      std::vector<std::string> tests;
      for (int test = 0; test < 30; ++test) {
        tests.push_back((test % 3 == 0 ? "-" : "+") +
                        ("Actor Connection Tests > reconnects when " + std::to_string(test)));
      }
      CellStanding cell = standing_of(name, column, Verdict::fail, tests, "Error: <expected> 1 to be 2");
      for (const TestOutcome& test : cell.newest->tests) {
        if (test.kind == TestOutcome::Kind::failed) {
          cell.newest->failures.push_back({test.test, std::string(4000, '<'), "/suite/a.test.ts", 7});
        }
      }
      cell.newest->profile = "default";
      cell.newest->axes = {{"runtime", column}};
      cell.newest->command = std::string(400, 'c');
      Record run = *cell.newest;
      run.failures.clear();
      run.tests.clear();
      for (int i = 0; i < 50; ++i) {
        run.finished = k_noon + std::chrono::minutes(i);
        report.journal.records.push_back(run);
      }
      standings.push_back(std::move(cell));
    }
  }
  plan.rows = std::move(rows);
  JournalSlice journal = std::move(report.journal);
  report = report_of(std::move(standings));
  report.journal = std::move(journal);
  PageInput input = input_of(report, plan);
  for (const CellStanding& cell : report.standings) {
    input.evidence[cell.cell] = {std::string(400, 'n'), "/log", std::string(16'000, '<')};
  }
  const std::string page = render_report_html(input, "nonce");
  EXPECT_LE(page.size(), k_page_bytes);
  const Json data = data_of(page);
  EXPECT_EQ(data["cells"].size(), 400U);
  for (const Json& cell : data["cells"].items()) {
    ASSERT_EQ(cell["mark"], "failed");
    ASSERT_EQ(cell["failure_count"], 10);
    ASSERT_GE(cell["failures"].size(), 1U);
    ASSERT_EQ(cell["history"]["count"], 50);
  }
}

TEST(ReportHtml, SaysWhatItLeavesOut) {
  CellStanding cell = standing_of("a", "native", Verdict::fail, {"+one", "-two", "+three"});
  cell.newest->failures = {{"two", "m", "", 0}, {"four", "m", "", 0}};
  ProgressReport report =
      report_of({cell, standing_of("a", "wasm", Verdict::pass, {"+one", "+two", "+three"})});
  PageInput input = input_of(report);
  input.evidence["a.native"] = {"", "/log", "first\nsecond\nthird\n"};
  PageLimits limits;
  limits.failures = 1;
  limits.tests = 1;
  limits.tail = 8;
  const Json data = *parse_json(page_json(input, limits));
  EXPECT_EQ(data["cells"][0]["failures"].size(), 1U);
  EXPECT_EQ(data["cells"][0]["failure_count"], 2);
  EXPECT_EQ(data["cells"][0]["tail"], "…\nthird\n");
  EXPECT_EQ(data["rows"][0]["tests"]["count"], 3);
  EXPECT_EQ(data["rows"][0]["tests"]["tests"], *parse_json(R"([["two", "fp"]])"))
      << "what differs comes first";
}

TEST(EscapeHtml, LeavesNothingThatMeansSomething) {
  EXPECT_EQ(escape_html("<a href='x'>\"&\x01</a>"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&lt;/a&gt;");
}

} // namespace
} // namespace ctest_matrix
