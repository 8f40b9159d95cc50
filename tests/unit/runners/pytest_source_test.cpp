#include "runners/pytest_source.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(std::string_view source) {
  std::vector<std::string> all;
  for (const PytestFunction& function : pytest_functions(source)) {
    all.push_back(function.class_name + "/" + function.name + ":" + std::to_string(function.line));
  }
  return all;
}

RunnerReport report_of(std::vector<std::string> titles) {
  RunnerReport report;
  for (std::string& title : titles) {
    TestCase test;
    test.titles = {"tests.test_a", std::move(title)};
    report.tests.push_back(std::move(test));
  }
  return report;
}

TEST(PytestSource, HasTheFunctionsThatPytestTakesByItsDefaults) {
  EXPECT_THAT(names("def test_one(): pass\n"
                    "async def test_two():\n"
                    "    def test_inner(): pass\n"
                    "def helper(): pass\n"
                    "class TestBox:\n"
                    "    size = 1\n"
                    "    def test_opens(self): pass\n"
                    "    class TestLid:\n"
                    "        def test_turns(self): pass\n"
                    "    def test_closes(self): pass\n"
                    "class Case(unittest.TestCase):\n"
                    "    def testOld(self): pass\n"
                    "class Box:\n"
                    "    def test_of_no_test_class(self): pass\n"
                    "def test_three(): pass\n"),
              ElementsAre("/test_one:1", "/test_two:2", "TestBox/test_opens:7",
                          "TestBox.TestLid/test_turns:9", "TestBox/test_closes:10", "Case/testOld:12",
                          "/test_three:15"));
}

TEST(PytestSource, LeavesOutWhatOnlyLooksLikeATest) {
  EXPECT_THAT(names("\"\"\"\ndef test_in_text(): pass\n\"\"\"\n"
                    "# def test_in_comment(): pass\n"
                    "x = 'it\\'s' # '\n"
                    "@pytest.fixture(\n    scope='module')\n"
                    "def test_client(): pass\n"
                    "table = [\n\ndef_test, ]\n"
                    "if sys.platform == 'win32':\n    def test_windows(): pass\n"
                    "class TestBase:\n    __test__ = False\n    def test_shared(self): pass\n"
                    "class TestData:\n    def test_a(self): pass\n    def __init__(self): pass\n"),
              IsEmpty());
}

TEST(PytestSource, SaysWhatTheReportDoesNotHave) {
  const std::string source = "def test_one(): pass\ndef test_two(): pass\nclass TestBox:\n"
                             "    def test_one(self): pass\n    def test_three(self): pass\n";
  EXPECT_THAT(left_out_by_pytest(source, report_of({"test_one", "test_two[1-a]", "test_three"})), IsEmpty());
  EXPECT_THAT(left_out_by_pytest(source, report_of({"test_one"})),
              ElementsAre("pytest does not take for tests, by its configuration: test_two (line 2), "
                          "TestBox.test_three (line 5)"));
}

TEST(PytestSource, SaysWhichNameIsThereTwice) {
  EXPECT_THAT(left_out_by_pytest("def test_one(): pass\ndef test_one(): pass\n", report_of({"test_one"})),
              ElementsAre("never run, for a later one has the same name: test_one (line 1)"));
}

} // namespace
} // namespace ctest_matrix
