#include "run/demo_plan.hpp"
#include "run/outcome.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ctest_matrix {
namespace {

class Outcome : public ::testing::Test {
protected:
  Outcome() {
    for (const Cell& cell : m_plan.cells) {
      m_cells.push_back(&cell);
      m_records[cell.name].cell = cell.name;
      m_records[cell.name].verdict = Verdict::pass;
    }
  }

  RunOutcome outcome(const ChildEnd& end) const {
    return outcome_of(
        m_cells,
        [&](const std::string& cell) {
          const auto found = m_records.find(cell);
          return found == m_records.end() ? nullptr : &found->second;
        },
        end);
  }

  Plan m_plan = demo_plan();
  std::vector<const Cell*> m_cells;
  std::map<std::string, Record> m_records;
};

TEST_F(Outcome, EveryCellPassed) {
  EXPECT_EQ(exit_code_of(outcome({.exit_code = 0})), ExitCode::ok);
}

TEST_F(Outcome, ACellFailed) {
  m_records[m_cells.front()->name].verdict = Verdict::setup;
  EXPECT_EQ(exit_code_of(outcome({.exit_code = 8})), ExitCode::setup);
  m_records[m_cells.back()->name].verdict = Verdict::fail;
  const RunOutcome failed = outcome({.exit_code = 8});
  EXPECT_EQ(exit_code_of(failed), ExitCode::failed);
  ASSERT_EQ(failed.failed.size(), 2);
  EXPECT_EQ(failed.failed.front().cell, m_cells.front()->name);
}

TEST_F(Outcome, NoCellFailedAndYetNotAllPassed) {
  EXPECT_EQ(exit_code_of(outcome({.exit_code = 8})), ExitCode::setup);
  m_records.erase(m_cells.back()->name);
  const RunOutcome blocked = outcome({.exit_code = 0});
  EXPECT_TRUE(blocked.blocked());
  EXPECT_EQ(blocked.not_run, 1);
  EXPECT_EQ(exit_code_of(blocked), ExitCode::setup);
}

TEST_F(Outcome, AnInterruptionIsSaidFirst) {
  m_records[m_cells.front()->name].verdict = Verdict::fail;
  EXPECT_EQ(exit_code_of(outcome({.signal = 2, .interrupted_by = 2})), ExitCode::interrupted);
}

} // namespace
} // namespace ctest_matrix
