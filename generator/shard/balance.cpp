#include "shard/balance.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::int64_t k_trials = 4'000'000; ///< moves and swaps that are looked at
constexpr std::int64_t k_branches = 200'000; ///< steps of the search for the best split
constexpr std::size_t k_searched_jobs = 40;  ///< with more, the search does not get far

/// A split in the making: how long each share is, and what it has set up already.
class Loads {
public:
  Loads(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs, std::size_t shares)
      : m_jobs(jobs), m_costs(costs), m_loads(shares, 0), m_users(shares * costs.size(), 0) {}

  /// What the share would be with the job, too.
  std::int64_t with(std::size_t share, std::size_t job) const {
    std::int64_t load = m_loads[share] + m_jobs[job].length;
    for (const std::size_t set_up : m_jobs[job].set_ups) {
      load += users(share, set_up) == 0 ? m_costs[set_up] : 0;
    }
    return load;
  }

  void add(std::size_t share, std::size_t job) {
    m_loads[share] = with(share, job);
    for (const std::size_t set_up : m_jobs[job].set_ups) {
      ++users(share, set_up);
    }
  }

  void remove(std::size_t share, std::size_t job) {
    m_loads[share] -= m_jobs[job].length;
    for (const std::size_t set_up : m_jobs[job].set_ups) {
      m_loads[share] -= --users(share, set_up) == 0 ? m_costs[set_up] : 0;
    }
  }

  std::int64_t of(std::size_t share) const { return m_loads[share]; }

  std::size_t shares() const { return m_loads.size(); }

  std::int64_t longest() const { return *std::ranges::max_element(m_loads); }

  std::size_t longest_share() const {
    return static_cast<std::size_t>(std::ranges::max_element(m_loads) - m_loads.begin());
  }

  /// Whether a job is as well off in the one as in the other.
  bool are_equal(std::size_t a, std::size_t b) const {
    return m_loads[a] == m_loads[b] &&
           std::equal(users_of(a), users_of(a) + static_cast<std::ptrdiff_t>(m_costs.size()), users_of(b),
                      [](int left, int right) { return (left == 0) == (right == 0); });
  }

private:
  int& users(std::size_t share, std::size_t set_up) { return m_users[share * m_costs.size() + set_up]; }

  int users(std::size_t share, std::size_t set_up) const { return m_users[share * m_costs.size() + set_up]; }

  std::vector<int>::const_iterator users_of(std::size_t share) const {
    return m_users.begin() + static_cast<std::ptrdiff_t>(share * m_costs.size());
  }

  std::span<const BalanceJob> m_jobs;
  std::span<const std::int64_t> m_costs;
  std::vector<std::int64_t> m_loads;
  std::vector<int> m_users; ///< jobs of each share that need each set-up
};

/// The jobs from the longest to the shortest.
std::vector<std::size_t> longest_first(std::span<const BalanceJob> jobs) {
  std::vector<std::size_t> order(jobs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t job) { return jobs[job].length; });
  return order;
}

/// Takes work from the longest share as long as that makes the longer one of two shares shorter.
class Improvement {
public:
  Improvement(Loads& loads, Split& split, std::int64_t bound)
      : m_loads(loads), m_split(split), m_bound(bound) {
    m_members.resize(loads.shares());
    for (std::size_t job = 0; job < split.size(); ++job) {
      m_members[split[job]].push_back(job);
    }
  }

  void run() {
    while (m_trials < k_trials && m_loads.longest() > m_bound && step()) {
    }
  }

private:
  struct Change {
    std::int64_t longer = 0; ///< of the two shares, afterwards
    std::size_t to = 0;
    std::size_t given = 0;
    std::optional<std::size_t> taken{}; ///< for it
  };

  bool step() {
    const std::size_t from = m_loads.longest_share();
    m_best = {.longer = m_loads.of(from)};
    bool found = false;
    for (const std::size_t job : std::vector<std::size_t>(m_members[from])) {
      m_loads.remove(from, job);
      for (std::size_t to = 0; to < m_loads.shares() && m_trials < k_trials; ++to) {
        found = (to != from && consider(from, to, job)) || found;
      }
      m_loads.add(from, job);
    }
    if (found) {
      apply(from);
    }
    return found;
  }

  /// Giving `job`, which is taken away already, alone or for another one.
  bool consider(std::size_t from, std::size_t to, std::size_t job) {
    bool found = propose(std::max(m_loads.of(from), m_loads.with(to, job)), to, job, std::nullopt);
    for (const std::size_t other : m_members[to]) {
      if (m_loads.with(from, other) < m_best.longer) {
        m_loads.remove(to, other);
        found = propose(std::max(m_loads.with(from, other), m_loads.with(to, job)), to, job, other) || found;
        m_loads.add(to, other);
      }
      ++m_trials;
    }
    return found;
  }

  bool propose(std::int64_t longer, std::size_t to, std::size_t given, std::optional<std::size_t> taken) {
    ++m_trials;
    if (longer >= m_best.longer) {
      return false;
    }
    m_best = {.longer = longer, .to = to, .given = given, .taken = taken};
    return true;
  }

  void apply(std::size_t from) {
    move(m_best.given, from, m_best.to);
    if (m_best.taken) {
      move(*m_best.taken, m_best.to, from);
    }
  }

  void move(std::size_t job, std::size_t from, std::size_t to) {
    m_loads.remove(from, job);
    m_loads.add(to, job);
    std::erase(m_members[from], job);
    m_members[to].push_back(job);
    m_split[job] = to;
  }

  Loads& m_loads;
  Split& m_split;
  std::int64_t m_bound;
  std::vector<std::vector<std::size_t>> m_members;
  std::int64_t m_trials = 0;
  Change m_best;
};

/// Branch and bound over the jobs from the longest to the shortest.
class Search {
public:
  Search(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs, std::size_t shares,
         std::int64_t bound, Split& best)
      : m_jobs(jobs), m_order(longest_first(jobs)), m_loads(jobs, costs, shares), m_split(jobs.size(), 0),
        m_best(best), m_bound(bound) {
    m_longest = std::ranges::max(share_loads(jobs, costs, shares, best));
    for (const BalanceJob& job : jobs) {
      m_left += job.length;
    }
  }

  void run() { place(0, 0); }

private:
  bool is_over() const { return m_longest <= m_bound || m_branches >= k_branches; }

  void place(std::size_t next, std::int64_t longest) {
    if (next == m_order.size()) {
      m_longest = longest;
      m_best = m_split;
      return;
    }
    if (room() < m_left) {
      return;
    }
    const std::size_t job = m_order[next];
    m_left -= m_jobs[job].length;
    for (std::size_t share = 0; share < m_loads.shares() && !is_over(); ++share) {
      ++m_branches;
      const std::int64_t load = m_loads.with(share, job);
      if (load >= m_longest || has_equal_before(share)) {
        continue;
      }
      m_loads.add(share, job);
      m_split[job] = share;
      place(next + 1, std::max(longest, load));
      m_loads.remove(share, job);
    }
    m_left += m_jobs[job].length;
  }

  /// What all shares together can take without being as long as the best split.
  std::int64_t room() const {
    std::int64_t room = 0;
    for (std::size_t share = 0; share < m_loads.shares(); ++share) {
      room += m_longest - 1 - m_loads.of(share);
    }
    return room;
  }

  bool has_equal_before(std::size_t share) const {
    for (std::size_t other = 0; other < share; ++other) {
      if (m_loads.are_equal(other, share)) {
        return true;
      }
    }
    return false;
  }

  std::span<const BalanceJob> m_jobs;
  std::vector<std::size_t> m_order;
  Loads m_loads;
  Split m_split;
  Split& m_best;
  std::int64_t m_bound;
  std::int64_t m_longest = 0;
  std::int64_t m_left = 0; ///< of the jobs that are not placed
  std::int64_t m_branches = 0;
};

} // namespace

std::vector<std::int64_t> share_loads(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs,
                                      std::size_t shares, const Split& split) {
  Loads loads(jobs, costs, shares);
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    loads.add(split[job], job);
  }
  std::vector<std::int64_t> lengths;
  for (std::size_t share = 0; share < shares; ++share) {
    lengths.push_back(loads.of(share));
  }
  return lengths;
}

std::int64_t shortest_makespan(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs,
                               std::size_t shares) {
  std::int64_t sum = 0;
  std::int64_t longest = 0;
  std::vector<bool> needed(costs.size(), false);
  for (const BalanceJob& job : jobs) {
    std::int64_t alone = job.length;
    for (const std::size_t set_up : job.set_ups) {
      alone += costs[set_up];
      needed[set_up] = true;
    }
    sum += job.length;
    longest = std::max(longest, alone);
  }
  for (std::size_t set_up = 0; set_up < costs.size(); ++set_up) {
    sum += needed[set_up] ? costs[set_up] : 0;
  }
  const auto count = static_cast<std::int64_t>(shares);
  std::int64_t bound = std::max((sum + count - 1) / count, longest);
  const std::vector<std::size_t> order = longest_first(jobs);
  if (shares < order.size()) { // two of the longest have to share
    bound = std::max(bound, jobs[order[shares - 1]].length + jobs[order[shares]].length);
  }
  return bound;
}

Split balance(std::span<const BalanceJob> jobs, std::span<const std::int64_t> costs, std::size_t shares) {
  Split split(jobs.size(), 0);
  if (jobs.empty() || shares == 1) {
    return split;
  }
  Loads loads(jobs, costs, shares);
  for (const std::size_t job : longest_first(jobs)) {
    std::size_t best = 0;
    std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
    for (std::size_t share = 0; share < shares; ++share) {
      if (const std::int64_t load = loads.with(share, job); load < shortest) {
        best = share;
        shortest = load;
      }
    }
    loads.add(best, job);
    split[job] = best;
  }
  const std::int64_t bound = shortest_makespan(jobs, costs, shares);
  Improvement(loads, split, bound).run();
  if (jobs.size() <= k_searched_jobs && loads.longest() > bound) {
    Search(jobs, costs, shares, bound, split).run();
  }
  return split;
}

} // namespace ctest_matrix
