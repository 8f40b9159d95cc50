// Splits jobs into shares so that the longest share is as short as can be: longest processing time first,
// then moves and swaps, and where there are few jobs a search for the best split. Whole numbers only and a
// bounded amount of work, not of time, so that every machine finds the same. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ctest_matrix {

struct BalanceJob {
  std::int64_t length = 0;            ///< milliseconds
  std::vector<std::size_t> set_ups{}; ///< what its share has to set up, each once: indices of the costs
};

/// The share of each job, below `shares`, which is at least 1.
using Split = std::vector<std::size_t>;

/// `costs` are the milliseconds of each set-up.
Split balance(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs, std::size_t shares);

/// How long each share takes, in milliseconds.
std::vector<std::int64_t> share_loads(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs,
                                      std::size_t shares, const Split& split);

/// No split has a longest share that is shorter than this, in milliseconds.
std::int64_t shortest_makespan(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs,
                               std::size_t shares);

} // namespace ctest_matrix
