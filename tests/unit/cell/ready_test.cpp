#include "cell/cell_testing.hpp"
#include "cell/ready.hpp"

namespace ctest_matrix {
namespace {

class Ready : public CellStepTest {};

TEST_F(Ready, NeedsTheRunnersDirectoryAndAPlaceForTheState) {
  EXPECT_TRUE(check_ready(m_common));
  m_common.directory = m_root / "gone";
  const auto gone = check_ready(m_common);
  EXPECT_EQ(plain(gone.error().message), "the runner's directory DIR/gone is not there");
  EXPECT_EQ(gone.error().code, ExitCode::setup);
  m_common.directory = m_root;
  write("file", "");
  m_common.places.state = m_root / "file" / "state";
  EXPECT_EQ(check_ready(m_common).error().code, ExitCode::setup);
}

} // namespace
} // namespace ctest_matrix
