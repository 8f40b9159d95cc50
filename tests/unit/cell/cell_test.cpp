#include "cell/cell.hpp"
#include "cell/cell_testing.hpp"
#include "progress/store.hpp"

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;

class WholeCell : public CellStepTest {
protected:
  ExitCode run() {
    ::testing::internal::CaptureStdout();
    const ExitCode code = run_cell(plan(), m_cell);
    m_printed = ::testing::internal::GetCapturedStdout();
    return code;
  }

  std::string m_printed;
};

TEST_F(WholeCell, PassesAndIsRecorded) {
  EXPECT_EQ(run(), ExitCode::ok);
  EXPECT_THAT(m_printed, HasSubstr("[ctest-matrix] begin a.native\n"));
  EXPECT_THAT(m_printed, HasSubstr("\nCTEST_FULL_OUTPUT\n[ctest-matrix] PASS a.native: "));
  const auto journal = read_journal(store_paths(m_common).journal);
  ASSERT_EQ(journal->records.size(), 1U);
  EXPECT_EQ(journal->records.front().verdict, Verdict::pass);
}

TEST_F(WholeCell, FailsAndSaysWhy) {
  m_cell.command = shell("echo it broke; exit 3");
  EXPECT_EQ(run(), ExitCode::failed);
  EXPECT_THAT(m_printed, HasSubstr("why:     FAIL - the runner exited 3: it broke\n"));
}

TEST_F(WholeCell, AListingThatTheReportFallsShortOfIsAskedForOnceMore) {
  m_common.report = ReportFormat::tap;
  m_common.proves = Proves::scope;
  m_common.listing = ListCommand{};
  m_common.listing->inputs = {"a.test"};
  write("a.test", "");
  write("tests", "one\ntwo\n");
  m_cell.list_command = shell("cat tests");
  m_cell.command = shell("echo one > tests; printf '1..1\nok 1 - one\n'");
  EXPECT_EQ(run(), ExitCode::failed); // what is not an input has changed: a finding, not the truth
  EXPECT_THAT(m_printed, HasSubstr("FAIL - the suite lists a test that the report does not have: two\n"));
  EXPECT_THAT(m_printed, HasSubstr("note: the runner does not list 'two' any more, although nothing that its "
                                   "listing depends on has changed"));
  write("a.test", "edited");
  EXPECT_EQ(run(), ExitCode::ok) << m_printed;
  write("tests", "one\nthree\n");
  m_cell.command = shell("printf '1..2\nok 1 - one\nok 2 - two\n'");
  EXPECT_EQ(run(), ExitCode::ok) << m_printed; // nothing that is known to be listed is missing
  m_cell.command = shell("printf '1..1\nok 1 - other\n'");
  EXPECT_EQ(run(), ExitCode::failed);
  EXPECT_THAT(m_printed,
              HasSubstr("FAIL - the suite lists a test that the report does not have: one (and 1 more)\n"));
}

TEST_F(WholeCell, IsNarrowedToTheTestThatFailedLast) {
  m_common.report = ReportFormat::tap;
  TextTemplate::Problem problem;
  m_common.narrow = TextTemplate::parse("{test}$", problem);
  m_cell.command = shell("echo filter={filter} > seen; printf '1..1\nnot ok 1 - one (b)\n'");
  EXPECT_EQ(narrow_cell(plan(), m_cell, "", {}).error().message,
            "no test of a.native failed when it ran last; name one: narrow a.native TEST");
  EXPECT_EQ(run(), ExitCode::failed);
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(*narrow_cell(plan(), m_cell, "", {}), ExitCode::failed);
  ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(read_journal(store_paths(m_common).journal)->records.size(), 1U);
  EXPECT_THAT(*read_file(m_root / "seen"), HasSubstr("one"));
}

} // namespace
} // namespace ctest_matrix
