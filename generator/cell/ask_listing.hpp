// Asks the runner of a cell for its listing: once, then remembered by the content that it depends on.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "runners/listing.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ctest_matrix {

enum class ListingUse {
  remembered, ///< what was listed before will do, as long as nothing that it depends on has changed
  anew,       ///< the runner is asked in any case
};

/// What the runner lists for a cell (which may be more than the cell). To be called only when the suite has a
/// listing. One that has lost tests although nothing that it depends on has changed is not remembered. Errors
/// (setup): the command fails, or what it writes is no listing; (interrupted): this process
/// was told to stop meanwhile.
Result<Listing> ask_listing(const CommonPlan& common, const Cell& cell, ListingUse use);

/// Names what `ask_listing` asks the runner for a cell; the same for cells that share a listing.
std::string listing_id(const CommonPlan& common, const Cell& cell);

/// Where the listings of a suite are remembered, a JSON file each.
std::filesystem::path listings_directory(const CommonPlan& common);

/// What was listed last, perhaps before an edit; nothing when nothing was.
std::optional<Listing> last_listing(const CommonPlan& common, const Cell& cell);

} // namespace ctest_matrix
