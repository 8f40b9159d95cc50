// The tests that a cell has to report, as its runner lists them: run once, then remembered by content.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "runners/listing.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// A listing, and whether it was remembered rather than just made.
struct SuiteListing {
  Listing tests;
  bool remembered = false;
};

enum class ListingUse {
  remembered, ///< what was listed before will do, as long as nothing that it depends on has changed
  anew,       ///< the runner is asked in any case
};

/// What the runner lists for a cell (which may be more than the cell). To be called only when the suite has a
/// listing. Error (setup): the command fails, or what it writes is no listing.
Result<SuiteListing> list_tests(const SuitePlan& suite, const CellPlan& cell, ListingUse use);

/// Names what `list_tests` asks the runner for a cell; the same for cells that share a listing.
std::string listing_id(const SuitePlan& suite, const CellPlan& cell);

/// What was listed last, perhaps before an edit; nothing when nothing was.
std::optional<Listing> last_listing(const SuitePlan& suite, const CellPlan& cell);

/// `<file>:<line>` of the first test of each cell, as far as they were listed before.
std::map<std::string, std::string> listed_places(const Plan& plan);

/// The listed tests that lie in the cell's own file.
Listing in_own_file(const SuitePlan& suite, const CellPlan& cell, const Listing& listing);

} // namespace ctest_matrix
