#include "run/agent_text.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

FailedCell failed_cell_of_beta() {
  FailedCell cell;
  cell.record.cell = "beta.wasm";
  cell.record.column = "wasm";
  cell.record.verdict = Verdict::fail;
  cell.record.failures = {{"S > b", "expected \x1b[31m1\x1b[0m\nto be 2", "/repo/b.test.ts", 7}};
  cell.narrowed = "cd /repo && run -t b";
  cell.log = "/build/b.log";
  cell.service_logs = {"/build/engine.log"};
  return cell;
}

TEST(AgentText, OneBlockForAFailure) {
  EXPECT_EQ(agent_failure(failed_cell_of_beta()),
            "FAIL beta.wasm\n"
            "at:      /repo/b.test.ts:7\n"
            "test:    S > b\n"
            "  expected 1\n"
            "  to be 2\n"
            "parity:  not known; no other column has run this test as it is now\n"
            "narrow:  cd /repo && run -t b\n"
            "log:     /build/b.log\n"
            "service: /build/engine.log\n");
}

TEST(AgentText, IsBounded) {
  FailedCell cell = failed_cell_of_beta();
  cell.record.failures.assign(500, {"S > " + std::string(5000, 't'),
                                    std::string(100'000, 'm') + "\n" + std::string(100'000, '\n'), "/f", 1});
  cell.narrowed = std::string(100'000, 'n');
  const std::string text = agent_failure(cell);
  EXPECT_LT(text.size(), 12'000U);
  EXPECT_THAT(text, HasSubstr("497 more tests failing"));
  cell = failed_cell_of_beta();
  cell.record.failures.clear();
  cell.detail = std::string(10'000, '\n') + std::string(100'000, 'd');
  cell.record.brief = std::string(10'000, 'b');
  EXPECT_LT(agent_failure(cell).size(), 12'000U);
}

TEST(AgentText, LinesOfCtestHaveNoTimes) {
  EXPECT_EQ(agent_lines("1/2 Test #1: a ....   Passed    0.88 sec\nTotal Test time (real) =   1.82 sec\n"),
            "  1/2 Test #1: a ....   Passed    (time)\n  Total Test time (real) =   (time)\n");
}

TEST(AgentText, TheLastLineSaysHowItEnded) {
  EXPECT_EQ(agent_result(ExitCode::ok, Ran::something, {"4 cells passed"}),
            "result: passed (exit 0): 4 cells passed\n");
  EXPECT_EQ(agent_result(ExitCode::ok, Ran::nothing, {}), "result: nothing ran (exit 0)\n");
  EXPECT_EQ(agent_result(ExitCode::setup, Ran::nothing, {}), "result: nothing ran (exit 5)\n");
  EXPECT_EQ(agent_result(ExitCode::failed, Ran::something, {"a", "b"}), "result: failed (exit 4): a; b\n");
  EXPECT_EQ(agent_result(ExitCode::interrupted, Ran::nothing, {}), "result: interrupted (exit 130)\n");
  for (const ExitCode code : {ExitCode::internal, ExitCode::usage, ExitCode::input, ExitCode::failed}) {
    EXPECT_THAT(agent_result(code, Ran::nothing, {}), Not(HasSubstr("passed")));
  }
}

} // namespace
} // namespace ctest_matrix
