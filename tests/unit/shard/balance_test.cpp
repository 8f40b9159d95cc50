#include "shard/balance.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

std::int64_t makespan(const std::vector<BalanceJob>& jobs, const std::vector<std::int64_t>& costs,
                      std::size_t shares, const Split& split) {
  return std::ranges::max(share_loads(jobs, costs, shares, split));
}

std::vector<BalanceJob> jobs_of(const std::vector<std::int64_t>& lengths) {
  std::vector<BalanceJob> jobs;
  for (const std::int64_t length : lengths) {
    jobs.push_back({.length = length});
  }
  return jobs;
}

/// Every split there is.
std::int64_t best_makespan(const std::vector<BalanceJob>& jobs, const std::vector<std::int64_t>& costs,
                           std::size_t shares) {
  Split split(jobs.size(), 0);
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  for (;;) {
    best = std::min(best, makespan(jobs, costs, shares, split));
    std::size_t job = 0;
    while (job < split.size() && ++split[job] == shares) {
      split[job++] = 0;
    }
    if (job == split.size()) {
      return best;
    }
  }
}

/// Durations as suites have them: most of them near each other, a few much longer.
std::int64_t duration(std::mt19937_64& random) {
  std::lognormal_distribution<double> lengths(9, 0.8);
  return static_cast<std::int64_t>(std::min(lengths(random), 3e6)) + 1;
}

TEST(Balance, LongestFirstAndThenSwapped) {
  // Longest first alone gives 8+6+4 and 7+5: a swap is needed.
  const auto jobs = jobs_of({8, 7, 6, 5, 4});
  EXPECT_EQ(makespan(jobs, {}, 2, balance(jobs, {}, 2)), 15);
  EXPECT_EQ(makespan(jobs, {}, 5, balance(jobs, {}, 5)), 8);
  EXPECT_THAT(balance(jobs, {}, 1), ElementsAre(0, 0, 0, 0, 0));
  EXPECT_TRUE(balance({}, {}, 3).empty());
}

// One machine builds the one artifact, another the other.
TEST(Balance, CountsWhatAShareHasToSetUpOnce) {
  const std::vector<std::int64_t> costs{100, 100};
  const std::vector<BalanceJob> jobs{{30, {0}}, {30, {1}}, {30, {0}}, {30, {1}}, {30, {0}}, {30, {1}}};
  const Split split = balance(jobs, costs, 2);
  EXPECT_EQ(makespan(jobs, costs, 2, split), 190);
  EXPECT_EQ(split[0], split[2]);
  EXPECT_NE(split[0], split[1]);
  EXPECT_EQ(makespan(jobs, costs, 2, split), best_makespan(jobs, costs, 2));
}

TEST(Balance, EveryMachineFindsTheSame) {
  std::mt19937_64 random(7);
  std::vector<BalanceJob> jobs;
  for (int i = 0; i < 500; ++i) {
    jobs.push_back({.length = duration(random) / 1000 * 1000, .set_ups = {static_cast<std::size_t>(i % 3)}});
  }
  const std::vector<std::int64_t> costs{5000, 0, 70000};
  const Split split = balance(jobs, costs, 16);
  EXPECT_EQ(split, balance(jobs, costs, 16));
  EXPECT_EQ(split.size(), 500U);
  EXPECT_LE(makespan(jobs, costs, 16, split), shortest_makespan(jobs, costs, 16) * 105 / 100 + 75000);
}

// The optimum by brute force where there are few cells, 1.05 of the bound where there are five for each
// share.
TEST(Balance, OfAThousandSetsOfDurations) {
  std::mt19937_64 random(20);
  int worse_than_optimum = 0;
  double worst = 1;
  for (int set = 0; set < 1000; ++set) {
    const bool small = set % 2 == 0;
    const auto shares = static_cast<std::size_t>(small ? 2 + set / 2 % 2 : 2 + random() % 24);
    const std::size_t cells = small ? 3 + random() % (shares == 2 ? 8 : 5) : shares * 5 + random() % 200;
    std::vector<std::int64_t> lengths(cells);
    std::ranges::generate(lengths, [&] { return duration(random); });
    const auto jobs = jobs_of(lengths);
    const Split split = balance(jobs, {}, shares);
    const std::int64_t longest = makespan(jobs, {}, shares, split);
    ASSERT_TRUE(std::ranges::all_of(split, [&](std::size_t share) { return share < shares; }));
    if (small) {
      worse_than_optimum += longest > best_makespan(jobs, {}, shares) ? 1 : 0;
    } else {
      const double ratio =
          static_cast<double>(longest) / static_cast<double>(shortest_makespan(jobs, {}, shares));
      worst = std::max(worst, ratio);
      ASSERT_LE(ratio, 1.05) << "set " << set << ": " << cells << " cells, " << shares << " shares";
    }
  }
  EXPECT_EQ(worse_than_optimum, 0);
  RecordProperty("worst_of_bound", std::to_string(worst));
}

TEST(Balance, OfSetUpsToo) {
  std::mt19937_64 random(21);
  for (int set = 0; set < 100; ++set) {
    const std::vector<std::int64_t> costs{duration(random), duration(random)};
    std::vector<BalanceJob> jobs(4 + random() % 5);
    for (BalanceJob& job : jobs) {
      job = {.length = duration(random), .set_ups = {random() % 2}};
    }
    const std::int64_t best = best_makespan(jobs, costs, 2);
    EXPECT_EQ(makespan(jobs, costs, 2, balance(jobs, costs, 2)), best) << "set " << set;
    EXPECT_LE(shortest_makespan(jobs, costs, 2), best);
  }
}

} // namespace
} // namespace ctest_matrix
