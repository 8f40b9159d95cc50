#include "base/formats.hpp"
#include "base/text.hpp"
#include "matrix/sample_matrix.hpp"
#include "plan/index.hpp"
#include "process/table.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(PlanIndex, ReadsBackWhatItWrote) {
  for (const char* profile : {"default", "full"}) {
    const Plan original = sample_plan(profile, "p.");
    const std::string text = write_plan(original);
    Plan plan;
    for (const Cell& cell : original.cells) {
      auto read = read_plan(text, cell.name);
      ASSERT_TRUE(read) << read.error().message;
      ASSERT_EQ(read->cells.size(), 1U);
      plan.common = read->common;
      plan.rows = read->rows;
      plan.cells.push_back(read->cells.front());
    }
    EXPECT_TRUE(write_plan(plan) == text);
  }
}

TEST(PlanIndex, OfAnotherVersionIsToBeLoadedAgain) {
  const std::string text = write_plan(sample_plan());
  const std::string own = fmt::format("{{\"version\":{},", k_plan_format);
  EXPECT_NE(text.find(own), std::string::npos);
  const auto message = [&](const std::string& version) {
    const auto read = read_plan(replace_all(text, own, version), "actor-a.native");
    return read ? "" : read.error().message;
  };
  const auto wanted = [](const char* which, int format) {
    return fmt::format(
        "the tests were loaded by {} version of ctest-matrix (plan of format {}, expected {}): let "
        "ctest load them again, `ctest --test-dir DIR`",
        which, format, k_plan_format);
  };
  EXPECT_EQ(message(fmt::format("{{\"version\":{},", k_plan_format - 1)),
            wanted("an earlier", k_plan_format - 1));
  EXPECT_EQ(message(fmt::format("{{\"version\":{},", k_plan_format + 1)),
            wanted("a later", k_plan_format + 1));
  EXPECT_EQ(message("{\"versions\":6,"),
            "not an index of this version of ctest-matrix: 'version' is missing");
}

TEST(PlanIndex, KeepsEveryCharacter) {
  Plan plan = sample_plan();
  plan.common.title = "tab\t, newline\n, backslash \\ and \\t, \\n";
  std::vector<Row> rows = plan.rows.elements();
  rows.front().suite = "\\";
  rows.front().label = "tab\t";
  plan.rows = std::move(rows);
  const std::string text = write_plan(plan);
  const auto read = read_plan(text, plan.cells.front().name);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->common.title, plan.common.title);
  ASSERT_EQ(read->rows.size(), plan.rows.size());
  EXPECT_EQ(read->rows.front().suite, "\\");
  EXPECT_EQ(read->rows.front().label, "tab\t");
}

TEST(PlanIndex, ReadsASingleCell) {
  const std::string text = write_plan(sample_plan());
  for (const char* name : {"actor-a.native", "actor-d.wasm"}) {
    const auto plan = read_plan(text, name);
    ASSERT_TRUE(plan) << plan.error().message;
    ASSERT_EQ(plan->cells.size(), 1U);
    EXPECT_EQ(plan->cells[0].name, name);
    EXPECT_EQ(plan->common.services[0].name, "engine");
  }
  EXPECT_TRUE(read_plan(text, "")->cells.empty());
}

TEST(PlanIndex, ThatNobodyHasUsedForLongIsRemoved) {
  namespace fs = std::filesystem;
  std::string pattern = (fs::temp_directory_path() / "index_test.XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  Plan plan = sample_plan();
  plan.common.places.state = pattern;
  const auto age = [&](const fs::path& file, Milliseconds time) {
    fs::last_write_time(file, fs::file_time_type::clock::now() - time);
  };
  const fs::path first = *store_plan(plan);
  plan.common.title = "another one";
  age(first, std::chrono::hours(47));
  ASSERT_TRUE(store_plan(plan));
  EXPECT_TRUE(fs::exists(first)) << "before its time";
  age(first, std::chrono::hours(100));
  ASSERT_TRUE(load_plan_of(first, ""));
  ASSERT_TRUE(store_plan(plan));
  EXPECT_TRUE(fs::exists(first)) << "a cell has just used it";
  age(first, longest_running("ctest") + std::chrono::hours(49));
  ASSERT_TRUE(store_plan(plan));
  EXPECT_FALSE(fs::exists(first));
  fs::remove_all(pattern);
}

TEST(PlanIndex, RefusesWhatIsNoIndex) {
  const std::string text = write_plan(sample_plan());
  EXPECT_EQ(read_plan(text, "actor").error().message, "the matrix demo has no cell 'actor'");
  for (const std::string& bad : {std::string(), std::string("{}"), text.substr(0, 200), text.substr(1),
                                 text.substr(0, text.size() - 1), "x" + text}) {
    const auto plan = read_plan(bad, "");
    ASSERT_FALSE(plan) << bad;
    EXPECT_EQ(plan.error().code, ExitCode::input);
    EXPECT_THAT(plan.error().message,
                ::testing::StartsWith("not an index of this version of ctest-matrix: "));
  }
}

} // namespace
} // namespace ctest_matrix
