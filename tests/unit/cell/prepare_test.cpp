#include "cell/cell_testing.hpp"
#include "cell/prepare.hpp"
#include "plan/project.hpp"

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

class Prepare : public CellStepTest {
protected:
  /// What it prints is the line at which the cell's time begins, if it comes so far.
  Preparation prepared(Purpose purpose = Purpose::record) {
    ::testing::internal::CaptureStdout();
    Preparation prepared = prepare(task(purpose));
    m_printed = ::testing::internal::GetCapturedStdout();
    return prepared;
  }

  std::string m_printed;
};

TEST_F(Prepare, ACellHasTheCheckoutToItself) {
  const Preparation first = prepared();
  EXPECT_TRUE(first.may_start());
  EXPECT_TRUE(first.turn);
  EXPECT_EQ(m_printed, "[ctest-matrix] begin a.native\n");
  m_cell.timeout = 0; // no patience
  const Preparation second = prepared();
  EXPECT_FALSE(second.may_start());
  EXPECT_TRUE(second.problem.starts_with("another run holds this checkout: ")) << second.problem;
  EXPECT_EQ(m_printed, "");
}

TEST_F(Prepare, CellsInParallelWaitForNobody) {
  m_common.parallel = true;
  const Preparation first = prepared();
  const Preparation second = prepared();
  EXPECT_FALSE(first.turn);
  EXPECT_TRUE(second.may_start());
}

TEST_F(Prepare, AnArtifactThatIsNotUpToDateHoldsTheCellBack) {
  own_variant(m_cell).artifacts = {"napi"};
  const Preparation held = prepared();
  EXPECT_EQ(held.problem, "the matrix has no artifact 'napi'");
  EXPECT_EQ(m_printed, "[ctest-matrix] begin a.native\n");
}

TEST_F(Prepare, TheListingIsAskedForWhereTheResultCounts) {
  m_common.listing = ListCommand{};
  m_cell.list_command = shell("echo works");
  EXPECT_THAT(prepared().expected.names, ElementsAre("works"));
  EXPECT_THAT(prepared(Purpose::narrow).expected.names, ElementsAre());
  m_cell.list_command = shell("exit 1");
  const Preparation unlisted = prepared();
  EXPECT_NE(unlisted.expected.problem, "");
  EXPECT_TRUE(unlisted.may_start());
}

TEST_F(Prepare, AnUnknownServiceCannotBeClaimed) {
  own_variant(m_cell).services = {"engine"};
  const Preparation held = prepared();
  EXPECT_FALSE(held.may_start());
  EXPECT_FALSE(held.services);
}

} // namespace
} // namespace ctest_matrix
