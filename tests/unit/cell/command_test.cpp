#include "cell/command.hpp"
#include "matrix/own_parts.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TextTemplate text(const std::string& source) {
  TextTemplate::Problem problem;
  return *TextTemplate::parse(source, problem);
}

class CellCommand : public ::testing::Test {
protected:
  CellCommand() {
    m_common.directory = "/repo/pkg";
    m_common.places.root = "/repo";
    m_common.places.state = "/build/ctest-matrix/demo";
    m_cell.name = "actor-a.wasm";
    own_row(m_cell).name = "actor-a";
    own_row(m_cell).suite = "Actor A";
    own_variant(m_cell).column = "wasm";
    own_variant(m_cell).axes = {{"runtime", "wasm"}};
    m_cell.filter = "runtime \\(wasm\\)";
    m_cell.command = {text("runner"), text("-t"), text("{filter}"), text("--out={report}")};
  }

  CommonPlan m_common;
  BoundCell m_cell;
};

TEST_F(CellCommand, IsALineToPasteWithWhatIsNotKnownLeftOpen) {
  EXPECT_EQ(cell_command_line(m_common, m_cell),
            "cd /repo/pkg && runner -t 'runtime \\(wasm\\)' '--out={report}'");
}

TEST_F(CellCommand, HasTheFlagsOfItsRunnerBehindIt) {
  m_common.report = ReportFormat::vitest_json;
  m_cell.command = {text("pnpm"), text("test")};
  std::vector<std::string> words;
  for (const TextTemplate& argument : full_command(m_common, m_cell)) {
    words.push_back(argument.source());
  }
  EXPECT_THAT(words, ElementsAre("pnpm", "test", "--reporter=default", "--reporter=json",
                                 "--outputFile={report}", "--allowOnly=false",
                                 "--dangerouslyIgnoreUnhandledErrors=false", "--testNamePattern=^"));
}

TEST_F(CellCommand, HasTheFlagsOfItsRunnerInFrontOfWhatEndsThem) {
  m_cell.command = {text("mocha"), text("-g"), text("{filter}"), text("--"), text("{path}")};
  std::vector<std::string> words;
  for (const TextTemplate& argument : full_command(m_common, m_cell)) {
    words.push_back(argument.source());
  }
  EXPECT_THAT(words, ElementsAre("mocha", "-g", "{filter}", "--forbid-only", "--forbidOnly", "--no-dry-run",
                                 "--no-dryRun", "--no-invert", "--", "{path}"));
}

TEST_F(CellCommand, TheCellsVariablesGoOverThoseOfTheSuite) {
  m_common.environment = {{"A", text("suite {file}")}, {"B", text("{engine.port}")}};
  own_row(m_cell).environment = {{"A", text("cell {runtime}")}};
  EXPECT_THAT(cell_environment(m_common, m_cell),
              ElementsAre(Pair("B", "{engine.port}"), Pair("A", "cell wasm")));
}

TEST_F(CellCommand, OneTestIsNarrowedToByItsTitles) {
  EXPECT_EQ(narrowed_filter(m_common, m_cell, "Alpha > a (b)"), std::nullopt);
  EXPECT_EQ(narrowed_command_line(m_common, m_cell, "Alpha > a (b)"), std::nullopt);
  m_common.narrow = text("{filter}.*{test}$");
  EXPECT_EQ(narrowed_filter(m_common, m_cell, "Alpha > a (b)"), "runtime \\(wasm\\).*Alpha.*a \\(b\\)$");
  m_common.escaping = Escaping::none;
  EXPECT_EQ(narrowed_command_line(m_common, m_cell, "Alpha > one"),
            "cd /repo/pkg && runner -t 'runtime \\(wasm\\).*Alpha > one$' "
            "--out=/build/ctest-matrix/demo/reports/pasted");
}

TEST_F(CellCommand, OneTestIsNarrowedToWithTheVariablesOfItsColumn) {
  m_common.narrow = text("{test}");
  m_common.environment = {
      {"TZ", text("{runtime} east")}, {"TMPDIR", text("{tmp}")}, {"URL", text("http://{env.HOST}:80")}};
  m_cell.command = {text("{env.PROGRAM}"), text("--as={env.USER_NAME} (x)"), text(""), text("{filter}")};
  EXPECT_EQ(
      narrowed_command_line(m_common, m_cell, "one"),
      "cd /repo/pkg && TZ='wasm east' URL=http://\"$HOST\":80 \"$PROGRAM\" --as=\"$USER_NAME\"' (x)' '' one");
}

TEST_F(CellCommand, OneTestOfACellWithServicesIsNarrowedToByUs) {
  m_common.narrow = text("{test}");
  m_common.places.matrix = "/repo/matrix.yaml";
  m_common.places.state = "/repo/build/ctest-matrix/demo";
  own_variant(m_cell).services = {"engine"};
  EXPECT_EQ(narrowed_command_line(m_common, m_cell, "Alpha > it's"),
            "cd /repo && ctest-matrix narrow actor-a.wasm 'Alpha > it'\\''s'");
  m_common.places.matrix = "/repo/pkg/other.yaml";
  m_common.profile = "full";
  EXPECT_EQ(narrowed_command_line(m_common, m_cell, "--all"),
            "cd /repo/pkg && ctest-matrix narrow --matrix other.yaml --root /repo --build-dir /repo/build "
            "--profile full actor-a.wasm --test=--all");
}

} // namespace
} // namespace ctest_matrix
