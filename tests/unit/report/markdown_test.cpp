#include "base/json.hpp"
#include "ledger/known_testing.hpp"
#include "report/annotations.hpp"
#include "report/markdown.hpp"
#include "report/standings.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;
using ::testing::Lt;
using ::testing::Not;
using ::testing::StartsWith;

class JobSummary : public ::testing::Test {
protected:
  JobSummary() {
    m_plan.common.places = {
        .matrix = "/repo/pkg/matrix.yaml", .root = "/repo", .state = "/build/ctest-matrix/demo"};
    m_report.matrix = "demo";
    m_report.profile = "default";
    m_report.title = "Demo <Suite>";
    m_report.config = "encoding (bare)";
    m_report.columns = {"native", "wasm"};
    m_report.standings.push_back(standing_of("alpha", "native", Verdict::pass, {"+works"}));
    m_report.standings.push_back(failing("alpha", "Suite > `x` | breaks", "expected 1\n::error::to be 2"));
    m_report.standings.push_back(standing_of("beta", "native"));
    m_report.standings.push_back(failing("beta", "known", "as ever"));
    m_report.summary.never_run = {"beta.native"};
    const Plan cells =
        plan_with({{"alpha", "native"}, {"alpha", "wasm"}, {"beta", "native"}, {"beta", "wasm"}});
    const KnownFailures known(ledger_of("beta.wasm: known\n"), cells, "");
    const ResultsOfCells results;
    m_report.baseline = compare_with_baseline({known, results}, m_report.standings);
  }

  static CellStanding failing(const std::string& row, const std::string& test, const std::string& message) {
    CellStanding standing = standing_of(row, "wasm", Verdict::fail, {"-" + test});
    standing.newest->failures = {
        {.test = test, .message = message, .file = "/repo/tests/" + row + ".ts", .line = 7}};
    return standing;
  }

  Plan m_plan;
  ProgressReport m_report;
};

TEST_F(JobSummary, SaysWhatIsNewFirst) {
  const std::string text = render_report_markdown(m_plan, m_report, "Gate: 1 regression\n");
  EXPECT_THAT(text, StartsWith("## Demo &#60;Suite&#62;\n\n"));
  EXPECT_THAT(text, HasSubstr("**Gate&#58; 1 regression **"));
  EXPECT_THAT(text,
              HasSubstr("### 1 new failure\n\n**alpha.wasm&#58; Suite &#62; &#96;x&#96; &#124; breaks** "
                        "(tests/alpha.ts:7)\n\n```text\nexpected 1\n::error::to be 2\n```\n"));
  EXPECT_THAT(text, HasSubstr("### 1 cell never run\n\nbeta.native\n"));
  EXPECT_THAT(text, HasSubstr("| file | native | wasm |\n| --- | --- | --- |\n| alpha | ✓ passed 31.2s | "));
  EXPECT_THAT(text, HasSubstr("<details><summary>1 known failure</summary>\n"));
  EXPECT_LT(text.find("breaks"), text.find("beta.wasm&#58; known"));
  EXPECT_LT(text.find("<details>"), text.find("beta.wasm&#58; known"));
}

TEST_F(JobSummary, NamesSharesThatDidNotComeBack) {
  m_report.shares = {"share 2/3 never came back"};
  EXPECT_THAT(render_report_markdown(m_plan, m_report, ""), HasSubstr("\n- ⚠ share 2/3 never came back\n"));
  EXPECT_THAT(github_annotations(m_plan, m_report),
              StartsWith("::error title=shares::share 2/3 never came back\n"));
}

TEST_F(JobSummary, NamesRulesThatAreNotKept) {
  m_report.rules = {{"no-mocks", RuleLevel::error, "a reason", RuleState::broken, "3 places in 1 of 4 files"},
                    {"docs", RuleLevel::warn, "a reason", RuleState::unknown, "no file matches"},
                    {"kept", RuleLevel::error, "a reason", RuleState::kept, "in none of 4 files"}};
  const std::string text = render_report_markdown(m_plan, m_report, "");
  EXPECT_THAT(text, HasSubstr("\n- ⚠ rule broken&#58; no-mocks&#58; 3 places in 1 of 4 files\n"
                              "- ⚠ rule warning, cannot be checked&#58; docs&#58; no file matches\n"));
  EXPECT_EQ(text.find("kept&#58;"), std::string::npos);
}

TEST_F(JobSummary, IsNeverTooLarge) {
  for (int i = 0; i < 1000; ++i) {
    m_report.standings.push_back(failing("row-" + std::to_string(i), "test", std::string(1200, '`')));
  }
  m_report.baseline.reset();
  const std::string text = render_report_markdown(m_plan, m_report, "");
  EXPECT_THAT(text.size(), Lt(k_summary_limit));
  EXPECT_THAT(text, HasSubstr("\n… and "));
  EXPECT_THAT(text, HasSubstr("| row-999 |"));
  EXPECT_THAT(render_report_markdown(m_plan, m_report, "", 5000).size(), Lt(5000U));
}

TEST_F(JobSummary, AnnotationsAreALineEach) {
  EXPECT_EQ(github_annotations(m_plan, m_report),
            "::error file=tests/alpha.ts,line=7,title=alpha.wasm%3A Suite > `x` | breaks::expected "
            "1%0A::error::to be 2\n"
            "::warning file=tests/beta.ts,line=7,title=beta.wasm%3A known::as ever\n");
}

TEST_F(JobSummary, CodeQualityIsJson) {
  const auto json = parse_json(gitlab_code_quality(m_plan, m_report));
  ASSERT_TRUE(json);
  ASSERT_EQ(json->size(), 2U);
  const Json& first = (*json)[0];
  EXPECT_EQ(first["severity"].string_or(""), "major");
  EXPECT_EQ(first["location"]["path"].string_or(""), "tests/alpha.ts");
  EXPECT_EQ(first["location"]["lines"]["begin"].integer_or(0), 7);
  EXPECT_NE(first["fingerprint"].string_or(""), (*json)[1]["fingerprint"].string_or(""));
  EXPECT_EQ((*json)[1]["severity"].string_or(""), "info");
}

} // namespace
} // namespace ctest_matrix
