#include "runners/listing.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

Listing read_listing(ListingFormat format, std::string_view text) {
  auto listing = parse_listing(format, text);
  EXPECT_TRUE(listing) << listing.error().message;
  return listing ? *listing : Listing();
}

std::string problem(ListingFormat format, std::string_view text) {
  const auto listing = parse_listing(format, text);
  EXPECT_FALSE(listing);
  return listing ? "" : listing.error().message;
}

// vitest 3.2: list --json=F --includeTaskLocation
TEST(Listing, ReadsVitest) {
  EXPECT_THAT(read_listing(ListingFormat::vitest, R"([
  {"name": "runtime (wasm) > Alpha > works > odd", "file": "/repo/a.test.ts", "location": {"line": 4, "column": 7}},
  {"name": "top", "file": "/repo/a.test.ts"}
])"),
              ElementsAre(ListedTest{"/repo/a.test.ts", "runtime (wasm) > Alpha > works > odd", 4},
                          ListedTest{"/repo/a.test.ts", "top", 0}));
  EXPECT_TRUE(read_listing(ListingFormat::vitest, "[]").empty());
  EXPECT_THAT(problem(ListingFormat::vitest, "[{\"name\": \"x\"}]"),
              ::testing::HasSubstr("[0]: 'file' is missing"));
  EXPECT_THAT(problem(ListingFormat::vitest, "[{\"name\": \"x\", "),
              ::testing::HasSubstr("listing of the tests: "));
}

// jest 30: --json --testLocationInResults -t '(?!)'
TEST(Listing, OfJestIsTheReportOfARunInWhichNothingRuns) {
  EXPECT_THAT(read_listing(ListingFormat::jest, R"({"success": true, "testResults": [
  {"name": "/repo/a.test.js", "message": "", "assertionResults": [
    {"ancestorTitles": ["outer"], "title": "one", "status": "pending", "location": {"column": 7, "line": 2}},
    {"ancestorTitles": [], "title": "later", "status": "todo", "location": null}]}]})"),
              ElementsAre(ListedTest{"/repo/a.test.js", "outer > one", 2},
                          ListedTest{"/repo/a.test.js", "later", 0}));
  EXPECT_THAT(problem(ListingFormat::jest, R"({"testResults": [{"name": "a.js", "assertionResults": [
    {"ancestorTitles": [], "title": "one", "status": "passed"}]}]})"),
              ::testing::HasSubstr("'one' ran (passed); expected a pattern that no test matches"));
  EXPECT_THAT(
      problem(ListingFormat::jest,
              R"({"testResults": [{"name": "a.js", "message": "SyntaxError", "assertionResults": []}]})"),
      ::testing::HasSubstr("a.js: SyntaxError"));
}

// pytest 7.2: --collect-only -q
TEST(Listing, ReadsPytestByTheNamesOfItsReports) {
  EXPECT_THAT(read_listing(ListingFormat::pytest, "tests/test_a.py::TestX::TestY::test_p[a b]\n"
                                                  "tests/test_a.py::TestX::test_p[c::d]\n"
                                                  "tests/test_a.py::test_f\n"
                                                  "\n"
                                                  "3 tests collected in 0.01s\n"),
              ElementsAre(ListedTest{"tests/test_a.py", "tests.test_a.TestX.TestY > test_p[a b]", 0},
                          ListedTest{"tests/test_a.py", "tests.test_a.TestX > test_p[c::d]", 0},
                          ListedTest{"tests/test_a.py", "tests.test_a > test_f", 0}));
  EXPECT_EQ(
      read_listing(ListingFormat::pytest, "a.py::b\n\n1/3 tests collected (2 deselected) in 0.01s\n").size(),
      1U);
  EXPECT_EQ(problem(ListingFormat::pytest, "tests/test_a.py: 5\n\n"),
            "listing of the tests: expected `<n> tests collected` at the end of pytest --collect-only -q");
  EXPECT_EQ(problem(ListingFormat::pytest, "tests/test_a.py::x\n\n5 tests collected in 1s\n"),
            "listing of the tests: pytest collected 5 tests, but 1 are listed; expected the output of "
            "--collect-only with a single -q");
}

// GoogleTest 1.12: --gtest_list_tests --gtest_output=json:F
TEST(Listing, ReadsGoogleTest) {
  EXPECT_THAT(read_listing(ListingFormat::gtest, R"({"tests": 2, "name": "AllTests", "testsuites": [
  {"name": "I\/P", "tests": 2, "testsuite": [
    {"name": "z\/0", "value_param": "1", "file": "\/repo\/a.cpp", "line": 5},
    {"name": "DISABLED_y", "file": "\/repo\/a.cpp", "line": 9}]}]})"),
              ElementsAre(ListedTest{"/repo/a.cpp", "I/P > z/0", 5},
                          ListedTest{"/repo/a.cpp", "I/P > DISABLED_y", 9}));
  EXPECT_EQ(problem(ListingFormat::gtest, R"({"tests": 3, "testsuites": []})"),
            "listing of the tests: tests is 3, but 0 are listed");
}

TEST(Listing, ReadsLines) {
  EXPECT_THAT(read_listing(ListingFormat::lines, "a.test\tOuter > works\n\nalone\n"),
              ElementsAre(ListedTest{"a.test", "Outer > works", 0}, ListedTest{"", "alone", 0}));
}

TEST(Listing, KnowsWhatLiesBelowATitle) {
  const ListedTest test{"", "runtime (wasm) > Alpha > Beta > works", 0};
  EXPECT_TRUE(lies_below(test, ""));
  EXPECT_TRUE(lies_below(test, "runtime (wasm)"));
  EXPECT_TRUE(lies_below(test, "Alpha"));
  EXPECT_TRUE(lies_below(test, "Alpha > Beta"));
  EXPECT_FALSE(lies_below(test, "works"));
  EXPECT_FALSE(lies_below(test, "(wasm)"));
  EXPECT_FALSE(lies_below(test, "Alph"));
}

TEST(Listing, DependsOnTheTestsDirectoryAndTheConfiguration) {
  using ::testing::Contains;
  using ::testing::Not;
  EXPECT_THAT(usual_inputs(ListingFormat::vitest, "tests/driver/a.test.ts"), Contains("tests/**/*"));
  EXPECT_THAT(usual_inputs(ListingFormat::pytest, "test_a.py"), Contains("*.py"));
  EXPECT_THAT(usual_inputs(ListingFormat::pytest, "test_a.py"), Not(Contains("**/*")));
  EXPECT_THAT(usual_inputs(ListingFormat::lines, "../elsewhere/a.sh"), ElementsAre());
  EXPECT_THAT(usual_inputs(ListingFormat::lines, ""), ElementsAre());
  EXPECT_THAT(usual_inputs(ListingFormat::gtest, "tests/a.cpp"), ElementsAre());
}

} // namespace
} // namespace ctest_matrix
