#include "cell/cell.hpp"
#include "cell/cell_testing.hpp"
#include "plan/identity.hpp"
#include "progress/last_pass.hpp"
#include "progress/store.hpp"

#include <cstdlib>

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

// What a person hands the runner may select tests: that run is none of the cell.
TEST_F(WholeCell, CountsWithArgumentsOnlyWhereEveryListedTestRan) {
  m_common.report = ReportFormat::tap;
  m_common.proves = Proves::scope;
  m_common.listing = ListCommand{};
  m_common.listing->inputs = {"tests"};
  write("tests", "one\ntwo\n");
  m_cell.list_command = shell("cat tests");
  m_cell.command = shell("printf '%s' \"$1\" >handed; cat report");
  const auto last = [&] { return read_journal(store_paths(m_common).journal)->records.back(); };
  setenv("CTEST_MATRIX_ARGS", "'--' '-t o'", 1);
  for (const char* const report :
       {"1..1\nok 1 - one\n", "1..2\nok 1 - one\nok 2 - two # SKIP not asked for\n", "1..1\nnot ok 1 - one\n",
        "1..0\n"}) {
    write("report", report);
    run();
    EXPECT_EQ(last().kind, RecordKind::note) << report;
    EXPECT_EQ(last().identity, cell_identity(m_common, m_cell.row->name, m_cell.variant->axes));
    EXPECT_THAT(m_printed, ::testing::Not(HasSubstr("\n[ctest-matrix] PASS")))
        << report; // for whoever reads it
    EXPECT_FALSE(last_pass(m_common, m_cell));
  }
  EXPECT_EQ(*read_file(m_root / "handed"), "-t o");
  write("report", "1..2\nok 1 - one\nok 2 - two\n");
  EXPECT_EQ(run(), ExitCode::ok);
  EXPECT_EQ(last().kind, RecordKind::cell);
  EXPECT_EQ(last().verdict, Verdict::pass);
  m_common.listing = std::nullopt; // what would have had to run is not known
  run();
  EXPECT_EQ(last().kind, RecordKind::note);
  unsetenv("CTEST_MATRIX_ARGS");
}

// An exit status that does not come through would make a pass of a failure.
TEST_F(WholeCell, IsWrappedByWhatPassesTheExitStatusOn) {
  m_cell.command = shell("test -n \"$WRAPPED\" && echo it broke; exit 3");
  const auto wrap = [&](const std::string& line) {
    setenv("CTEST_MATRIX_WRAP", line.c_str(), 1);
    const ExitCode code = run();
    unsetenv("CTEST_MATRIX_WRAP");
    return code;
  };
  EXPECT_EQ(wrap("env WRAPPED=1"), ExitCode::failed);
  EXPECT_THAT(m_printed, HasSubstr("why:     FAIL - the runner exited 3: it broke\n"));
  EXPECT_EQ(wrap("sh -c '\"$@\"; exit 0' sh"), ExitCode::setup);
  EXPECT_THAT(m_printed, HasSubstr("does not pass on how its program ends"));
  EXPECT_EQ(wrap("echo"), ExitCode::setup);
  EXPECT_EQ(wrap("/no/such/program"), ExitCode::setup);
  m_cell.command = shell("exit 0");
  EXPECT_EQ(wrap("sh -c '\"$@\"; exit 0' sh"), ExitCode::setup);
  EXPECT_EQ(wrap("env WRAPPED=1"), ExitCode::ok);
}

TEST_F(WholeCell, IsNarrowedToTheTestThatFailedLast) {
  m_common.report = ReportFormat::tap;
  TextTemplate::Problem problem;
  m_common.narrow = TextTemplate::parse("{test}$", problem);
  m_cell.command = shell("echo filter={filter} > seen; printf '1..1\nnot ok 1 - one (b)\n'");
  EXPECT_EQ(narrow_cell(plan(), m_cell, "", {}, {}).error().message,
            "no test of a.native failed when it ran last; name one: narrow a.native TEST");
  EXPECT_EQ(run(), ExitCode::failed);
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(*narrow_cell(plan(), m_cell, "", {}, {}), ExitCode::failed);
  ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(read_journal(store_paths(m_common).journal)->records.size(), 1U);
  EXPECT_THAT(*read_file(m_root / "seen"), HasSubstr("one"));
}

} // namespace
} // namespace ctest_matrix
