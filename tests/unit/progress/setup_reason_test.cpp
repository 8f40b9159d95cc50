#include "matrix/sample_matrix.hpp"
#include "progress/setup_reason.hpp"

namespace ctest_matrix {
namespace {

CtestResult failed(const std::string& name, const std::string& output) {
  CtestResult result;
  result.name = name;
  result.status = CtestStatus::failed;
  result.output = output;
  result.reason = "Failed";
  return result;
}

std::string reason(const std::string& cell, const std::vector<CtestResult>& results) {
  const Plan plan = sample_plan();
  CtestRun run;
  run.results = results;
  return setup_reason(plan.common, *find_cell(plan, cell), run);
}

TEST(SetupReason, IsWhatTheFailedArtifactSaid) {
  EXPECT_EQ(reason("actor-a.native",
                   {failed("demo.artifact.napi", "the artifact napi could not be built\n"
                                                 "  command: make napi\n"
                                                 "  end of its output:\n"
                                                 "    [0/1] artifact napi\n"
                                                 "    error: expected one of x\n"
                                                 "    FAILED: /build/napi.stamp\n"
                                                 "    ninja: build stopped: subcommand failed.\n")}),
            "the artifact napi could not be built: error: expected one of x");
}

TEST(SetupReason, AlsoOfTheArtifactThatAServiceComesAfter) {
  const std::string said = "the artifact napi has no inputs";
  EXPECT_EQ(reason("actor-a.wasm", {failed("demo.artifact.napi", said)}), said);
}

TEST(SetupReason, TheFirstSetUpComesFirst) {
  EXPECT_EQ(
      reason("actor-a.native", {failed("demo.engine.up", "no engine"), failed("demo.ready", "not ready")}),
      "not ready");
  EXPECT_EQ(reason("actor-a.native", {failed("demo.engine.up", "no engine")}), "no engine");
}

TEST(SetupReason, WithoutAWordWhatCTestSays) {
  CtestResult timed_out = failed("demo.artifact.napi", "");
  timed_out.status = CtestStatus::timed_out;
  timed_out.reason = "Timeout";
  EXPECT_EQ(reason("actor-a.native", {timed_out}), "demo.artifact.napi: Timeout");
}

TEST(SetupReason, OfWhatTheCellDoesNotNeedNothing) {
  CtestResult passed = failed("demo.ready", "ready");
  passed.status = CtestStatus::passed;
  EXPECT_EQ(
      reason("actor-a.native", {failed("demo.artifact.other", "x"), failed("actor-b.native", "y"), passed}),
      "");
}

} // namespace
} // namespace ctest_matrix
