#include "matrix/sample_matrix.hpp"
#include "shard/shares.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ctest_matrix {
namespace {

using ::testing::HasSubstr;

class SharesOf : public ::testing::Test {
protected:
  Shares split(const ShareRequest& request, const KnownLengths& known = {},
               const std::set<std::string>& included = {}) const {
    const auto shares = split_cells(m_plan, request, known, included);
    EXPECT_TRUE(shares) << shares.error().message;
    return shares ? *shares : Shares();
  }

  /// How often each cell is in a share.
  static std::map<std::string, int> counted(const Shares& shares) {
    std::map<std::string, int> times;
    for (const Share& share : shares.shares) {
      for (const Cell* cell : share.cells) {
        ++times[cell->name];
      }
    }
    return times;
  }

  Plan m_plan = sample_plan("full", std::string());
};

TEST_F(SharesOf, HaveEveryCellOnce) {
  for (const std::size_t count : {1U, 2U, 3U, 5U}) {
    const Shares shares = split({.count = count});
    EXPECT_EQ(shares.shares.size(), count);
    std::size_t expected = 0;
    for (const Cell& cell : m_plan.cells) {
      const int times = counted(shares)[cell.name];
      EXPECT_EQ(times, cell.row->is_excluded() ? 0 : 1) << cell.name;
      expected += cell.row->is_excluded() ? 0 : 1;
    }
    EXPECT_EQ(shares.cells, expected);
  }
}

TEST_F(SharesOf, HaveExcludedRowsThatWereAskedFor) {
  const auto excluded =
      std::ranges::find_if(m_plan.cells, [](const Cell& cell) { return cell.row->is_excluded(); });
  ASSERT_NE(excluded, m_plan.cells.end());
  EXPECT_EQ(counted(split({.count = 2}, {}, {excluded->row->name}))[excluded->name], 1);
  EXPECT_EQ(counted(split({.count = 2}, {}, {"*"}))[excluded->name], 1);
}

TEST_F(SharesOf, ByAnAxisNoShareHasTwoValues) {
  for (const char* by : {"runtime", "column"}) {
    const Shares shares = split({.count = 5, .by = by});
    for (const Share& share : shares.shares) {
      ASSERT_FALSE(share.cells.empty());
      for (const Cell* cell : share.cells) {
        EXPECT_EQ(cell->variant->column, share.cells.front()->variant->column);
      }
    }
  }
  const auto few = split_cells(m_plan, {.count = 1, .by = "runtime"}, {}, {});
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().code, ExitCode::usage);
  EXPECT_EQ(few.error().message, "by runtime: 2 values need as many shares at least, got 1");
  const auto unknown = split_cells(m_plan, {.count = 2, .by = "runtim"}, {}, {});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message,
              HasSubstr("by runtim: the matrix demo has no such axis, did you mean 'runtime'?"));
}

TEST_F(SharesOf, AreNamedByWhoIsInThem) {
  const Shares shares = split({.count = 3});
  EXPECT_EQ(shares.digest.size(), 16U);
  EXPECT_EQ(split({.count = 3}).digest, shares.digest);
  EXPECT_NE(split({.count = 2}).digest, shares.digest);
  const KnownLengths known{.cells = {{m_plan.cells.front().name, std::chrono::hours(3)},
                                     {m_plan.cells.back().name, Milliseconds(1)},
                                     {m_plan.cells[1].name, Milliseconds(1)}}};
  EXPECT_NE(split({.count = 3}, known).digest, shares.digest);
}

TEST_F(SharesOf, WithoutACellAreRefused) {
  Plan plan = m_plan;
  const Shares shares = split({.count = 100});
  const auto last = take_share(plan, shares, {100, 100});
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, ExitCode::setup);
  EXPECT_THAT(last.error().message, HasSubstr("share 100/100 of the matrix demo has no cell: "));
  EXPECT_EQ(plan.common.share, "");
  ASSERT_TRUE(take_share(plan, shares, {1, 100}));
  EXPECT_EQ(plan.common.share, "1/100");
  EXPECT_EQ(plan.common.split, shares.digest);
}

TEST_F(SharesOf, SayWhatTheyAreMadeFrom) {
  const std::string text = shares_text(m_plan, split({.count = 2, .by = "runtime"}));
  EXPECT_THAT(text, HasSubstr("2 shares by runtime, the longest "));
  EXPECT_THAT(text, HasSubstr("\ndurations: none known, time-outs stand for them; split "));
  EXPECT_THAT(text, HasSubstr("\n2/2  "));
  EXPECT_THAT(shares_json(m_plan, split({.count = 2})), HasSubstr("\"share\": \"2/2\""));
}

} // namespace
} // namespace ctest_matrix
