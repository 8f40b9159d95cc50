// The cells of a plan in shares, one for each machine: every machine computes the same ones.
#pragma once

#include "base/clock.hpp"
#include "base/read_log.hpp"
#include "base/result.hpp"
#include "plan/plan.hpp"
#include "shard/lengths.hpp"
#include "shard/share_request.hpp"

#include <set>
#include <string>
#include <vector>

namespace ctest_matrix {

struct Share {
  std::vector<const Cell*> cells{}; ///< in the order of the matrix
  Milliseconds length{0};           ///< with what it sets up
};

struct Shares {
  std::vector<Share> shares{};
  std::string by{};      ///< as asked for
  std::string run{};     ///< as asked for
  Milliseconds bound{0}; ///< no split has a longest share that is shorter
  std::string source{};  ///< of the durations, for people; empty: none are known
  std::size_t known = 0; ///< cells whose duration is known
  std::size_t cells = 0;
  std::string digest{}; ///< of which cells are in which share: 16 digits
};

/// Splits the cells that are not excluded, unless they are among `included` (rows, or all of them). Error
/// (usage): no such axis; fewer shares than values of the axis that they are split by.
Result<Shares> split_cells(const Plan& plan, const ShareRequest& request, const KnownLengths& known,
                           const std::set<std::string>& included);

/// As above, with the durations of the request's file. Error (input): that of `read_lengths`.
Result<Shares> make_shares(const Plan& plan, const ShareRequest& request,
                           const std::set<std::string>& included, ReadLog& log);

/// The share, noted in the plan (`CommonPlan::share`, `split`, `share_run`). Error (setup): it has no cell,
/// which must not look like one whose cells passed. The plan outlives it.
Result<Share> take_share(Plan& plan, const Shares& shares, const SharePosition& position);

/// The shares as text: what they are made from, then a line each.
std::string shares_text(const Plan& plan, const Shares& shares);

/// One JSON object with its newline.
std::string shares_json(const Plan& plan, const Shares& shares);

} // namespace ctest_matrix
