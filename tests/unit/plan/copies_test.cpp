#include "base/text.hpp"
#include "matrix/sample_matrix.hpp"
#include "plan/copies.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;

std::string copies(const std::string& runner, const std::string& row = "alpha: Alpha",
                   const std::string& more = "", const std::string& report = "exit-code") {
  const Matrix matrix =
      sample_matrix("version: 1\n"
                    "name: demo\n"
                    "axes: {runtime: [node, edge], mode: [a, b]}\n"
                    "columns: {node: {runtime: node}, edge: {runtime: edge}}\n"
                    "profiles: {default: {mode: a}, full: {}}\n"
                    "runner: {report: " +
                    report + ", " + (runner.find(" file:") == std::string::npos ? "file: none, " : "") +
                    runner + "}\n" + more + "rows:\n  fast:\n    " + row + "\n");
  Diagnostics diagnostics;
  for (const char* profile : {"default", "full"}) {
    check_copies(matrix, sample_expansion(matrix, profile), {"/repo/matrix.yaml", "/repo", "/build/demo", ""},
                 diagnostics);
    diagnostics.note({}, profile);
  }
  std::string said;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    said += diagnostic.severity == Severity::error ? diagnostic.message + "\n" : "";
  }
  return said;
}

TEST(Copies, OfAnAxisThatReachesNothing) {
  EXPECT_EQ(
      copies("command: [run, '{file}', '{mode}']"),
      "the values of runtime reach nothing: the cells 'alpha.node' and 'alpha.edge' would run the same; "
      "expected "
      "{runtime} in the runner's command, environment, scope or filter, or an artifact or service with `for: "
      "{runtime: edge}`\n"
      "the values of runtime reach nothing: the cells 'alpha.node.a' and 'alpha.edge.a' would run the same; "
      "expected {runtime} in the runner's command, environment, scope or filter, or an artifact or service "
      "with "
      "`for: {runtime: edge}`\n");
}

TEST(Copies, WhereOnlyTheReadingOfAReportDiffers) {
  EXPECT_THAT(copies("command: [run, '{mode}'], scope: '{runtime}'"),
              HasSubstr("the values of runtime reach nothing"));
  const Matrix matrix = sample_matrix(
      "version: 1\nname: demo\naxes: {runtime: {node: {report: tap}, edge: {report: exit-code}}}\n"
      "columns: {node: {runtime: node}, edge: {runtime: edge}}\n"
      "runner: {report: tap, command: [run]}\nrows:\n  fast:\n    alpha: Alpha\n");
  Diagnostics diagnostics;
  check_copies(matrix, sample_expansion(matrix, "default"), {"/repo/matrix.yaml", "/repo", "/build/demo", ""},
               diagnostics);
  EXPECT_THAT(diagnostics.render(), HasSubstr("the values of runtime reach nothing"));
}

TEST(Copies, OfAnAxisThatVariesWithinAColumn) {
  EXPECT_THAT(copies("command: [run, '{file}', '{runtime}']"),
              HasSubstr("the values of mode reach nothing: the cells 'alpha.node.a' and 'alpha.node.b'"));
}

TEST(Copies, AreNoneWhereEachValueReachesSomething) {
  EXPECT_EQ(copies("command: [run, '{file}', '{runtime}'], environment: {MODE: '{mode}'}"), "");
  EXPECT_EQ(copies("command: [run, '{filter}'], filter: '{runtime} {mode}'"), "");
  EXPECT_EQ(copies("command: [run], scope: '{runtime} {mode}'", "alpha: Alpha", "", "tap"), "");
  EXPECT_EQ(copies("command: [run, '{column}', '{mode}']"), "");
  EXPECT_EQ(copies("command: [run, '{mode}']", "alpha: Alpha",
                   "services: {engine: {for: {runtime: edge}, command: [x], health: {log: up}}}\n"),
            "");
  EXPECT_EQ(copies("command: [run, '{mode}']", "alpha: Alpha",
                   "artifacts: {dist: {for: {runtime: edge}, command: [x], inputs: a, outputs: b}}\n"),
            "");
}

TEST(Copies, OfARowWhoseEnvironmentHidesTheAxis) {
  const std::string runner = "command: [run, '{mode}'], environment: {RUNTIME: '{runtime}'}";
  EXPECT_EQ(copies(runner), "");
  EXPECT_THAT(copies(runner, "alpha: {environment: {RUNTIME: node}}"),
              HasSubstr("the values of runtime reach nothing"));
}

TEST(Copies, OfARowBehindOneWhoseWrapperHasTheAxis) {
  const std::string runner = "command: [run, '{file}', '{mode}']";
  EXPECT_THAT(copies(runner, "alpha: {wrap: [env, 'R={runtime}']}\n    beta: Beta"),
              HasSubstr("the cells 'beta.node' and 'beta.edge' would run the same"));
}

TEST(Copies, WhereOnlyTheNameOfTheCellDiffers) {
  EXPECT_THAT(copies("command: [run, '{file}', '{mode}', '--log=out/{cell}.log']"),
              HasSubstr("the values of runtime reach nothing"));
}

TEST(Copies, WhereOneOfTwoReadsNoReport) {
  const Matrix matrix = sample_matrix(
      "version: 1\nname: demo\naxes: {runtime: {node: {report: tap}, edge: {report: exit-code}}}\n"
      "columns: {node: {runtime: node}, edge: {runtime: edge}}\n"
      "runner: {report: tap, file: none, command: [run, '{file}'], scope: top}\nrows:\n  fast:\n    alpha: "
      "Alpha\n");
  Diagnostics diagnostics;
  check_copies(matrix, sample_expansion(matrix, "default"), {"/repo/matrix.yaml", "/repo", "/build/demo", ""},
               diagnostics);
  EXPECT_THAT(diagnostics.render(), HasSubstr("the values of runtime reach nothing"));
}

TEST(Copies, OfRowsOfWhichNothingReachesTheCommand) {
  const std::string rows = "alpha: Alpha\n    beta: Beta";
  EXPECT_EQ(
      copies("command: [run, '{runtime}', '{mode}']", rows),
      "the rows 'alpha' and 'beta' would run the same; expected {file}, {path} or {suite} in the runner's "
      "command, environment, scope or filter\n"
      "the rows 'alpha' and 'beta' would run the same; expected {file}, {path} or {suite} in the runner's "
      "command, environment, scope or filter\n");
  EXPECT_EQ(copies("command: [run, '{runtime}', '{mode}', '{suite}']", rows), "");
  EXPECT_EQ(copies("command: [run, '{runtime}', '{mode}'], scope: '{suite}'", rows, "", "tap"), "");
  EXPECT_EQ(copies("command: [run, '{runtime}', '{mode}'], environment: {F: '{file}'}", rows), "");
  EXPECT_THAT(copies("command: [run, '{runtime}', '{mode}', '{suite}']", rows + "\n    gamma: Alpha"),
              HasSubstr("the rows 'alpha' and 'gamma' would run the same"));
  EXPECT_EQ(copies("command: [run, '{runtime}', '{mode}', '{file}']", rows + "\n    gamma: Alpha"), "");
  // A report has to name the file of its row.
  EXPECT_EQ(copies("command: [run, '{runtime}', '{mode}'], file: 'tests/{file}.test.ts'", rows, "", "tap"),
            "");
  EXPECT_EQ(copies("command: [run, '{mode}', '{runtime}']",
                   "alpha: {only: {runtime: [node]}}\n    beta: {only: {runtime: [edge]}}"),
            "");
}

} // namespace
} // namespace ctest_matrix
