#include "cell/cell_testing.hpp"
#include "cell/run_runner.hpp"

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class RunRunner : public CellStepTest {
protected:
  RunnerRun run(Purpose purpose = Purpose::record) {
    ::testing::internal::CaptureStdout();
    m_prepared = {}; // lets the checkout go
    m_prepared = prepare(task(purpose));
    RunnerRun run = run_runner(task(purpose), m_prepared);
    m_printed = ::testing::internal::GetCapturedStdout();
    return run;
  }

  Preparation m_prepared;
  std::string m_printed;
};

TEST_F(RunRunner, GathersWhatIsSeen) {
  m_common.report = ReportFormat::tap;
  m_cell.command =
      shell("printf '1..1\nok 1 - works\n' > {report}; test -d {tmp} && echo {filter} of {file}");
  const RunnerRun seen = run();
  EXPECT_EQ(seen.problem, "");
  EXPECT_EQ(seen.process.end, Outcome::End::exited);
  EXPECT_EQ(seen.process.exit_code, 0);
  EXPECT_EQ((*seen.report.content)->tests.size(), 1U);
  EXPECT_EQ(seen.last_output, "the filter of a");
  EXPECT_EQ(seen.log, m_common.places.state / "logs" / "a.native.log");
  EXPECT_EQ(*read_file(seen.log), "the filter of a\n");
  EXPECT_EQ(m_printed, "[ctest-matrix] begin a.native\nthe filter of a\n");
  EXPECT_TRUE(seen.command.ends_with("-c '" + std::string("printf '\\''1..1\nok 1 - works\n'\\'' > ") +
                                     run_report(m_common.places.state, "01-ab").string() + "; test -d " +
                                     run_directory(m_common.places.state, "01-ab").string() +
                                     " && echo the filter of a'"))
      << seen.command;
}

TEST_F(RunRunner, RemovesWhatOnlyTheVerdictNeeded) {
  m_cell.command = shell("touch {report} {tmp}/file");
  RunnerRun seen = run();
  EXPECT_TRUE(fs::exists(run_report(m_common.places.state, "01-ab")));
  EXPECT_TRUE(seen.mark);
  remove_run_files(task(), seen);
  EXPECT_FALSE(fs::exists(run_report(m_common.places.state, "01-ab")));
  EXPECT_FALSE(fs::exists(run_directory(m_common.places.state, "01-ab")));
  EXPECT_FALSE(seen.mark);
  EXPECT_TRUE(fs::exists(seen.log));
}

TEST_F(RunRunner, NarrowingHasALogOfItsOwn) {
  m_common.log_current = m_root / "current.log";
  m_common.log_narrow = m_root / "narrow.log";
  EXPECT_EQ(run(Purpose::narrow).log, m_common.places.state / "logs" / "a.native.narrow.log");
  EXPECT_EQ(fs::read_symlink(m_common.log_narrow), m_common.places.state / "logs" / "a.native.narrow.log");
  EXPECT_FALSE(fs::exists(fs::symlink_status(m_common.log_current)));
  run();
  EXPECT_EQ(fs::read_symlink(m_common.log_current), m_common.places.state / "logs" / "a.native.log");
}

TEST_F(RunRunner, TheBasisIsThatOfBeforeTheRun) {
  write("a.test", "before");
  m_cell.command = shell("echo after > a.test");
  const TickBasis before = BasisReader(m_common).of(m_cell);
  EXPECT_EQ(run().basis, before);
  EXPECT_NE(BasisReader(m_common).of(m_cell), before);
}

TEST_F(RunRunner, APlaceholderWithoutAValueIsAProblem) {
  m_cell.command = shell("{engine.port}");
  RunnerRun seen = run();
  EXPECT_NE(seen.problem, "");
  EXPECT_EQ(seen.log, "");
  EXPECT_EQ(evidence_of(task(), m_prepared, seen).setup_problem, seen.problem);
}

TEST_F(RunRunner, DoesNotStartWhereThePreparationFailed) {
  own_variant(m_cell).artifacts = {"napi"};
  m_cell.command = shell("touch started");
  RunnerRun seen = run();
  EXPECT_FALSE(fs::exists(m_root / "started"));
  EXPECT_EQ(evidence_of(task(), m_prepared, seen).setup_problem, "the matrix has no artifact 'napi'");
}

TEST_F(RunRunner, AnInterruptionWhileListingIsOneOfTheCell) {
  Preparation prepared;
  prepared.expected.interrupted = true;
  RunnerRun seen = run_runner(task(), prepared);
  EXPECT_EQ(evidence_of(task(), prepared, seen).process.end, Outcome::End::interrupted);
}

} // namespace
} // namespace ctest_matrix
