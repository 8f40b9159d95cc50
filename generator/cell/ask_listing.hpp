// Asks the runner of a cell for its listing: once, then remembered by the content that it depends on.
#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "runners/listing.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace ctest_matrix {

enum class ListingUse {
  remembered, ///< what was listed before will do, as long as nothing that it depends on has changed
  anew,       ///< the runner is asked in any case
};

/// Told of each listing that is asked for, with the number of its test files.
using OnListing = std::function<void(std::size_t files)>;

/// What the runner lists for a cell (which may be more than the cell). To be called only when the suite has a
/// listing. One that has lost tests although nothing that it depends on has changed is not remembered. Errors
/// (setup): the command fails, or what it writes is no listing; (interrupted): this process
/// was told to stop meanwhile.
Result<Listing> ask_listing(const CommonPlan& common, const BoundCell& cell, ListingUse use,
                            const OnListing& on_listing = {});

/// Asks for the listings of cells that are not remembered, of many test files at once where the runner's
/// listing says which file a test is of and the command differs by the file alone. `ask_listing` knows them
/// then; what cannot be had this way is left to it.
void ask_listings(const CommonPlan& common, std::span<const BoundCell* const> cells,
                  const OnListing& on_listing);

/// Names what `ask_listing` asks the runner for a cell; the same for cells that share a listing.
std::string listing_id(const CommonPlan& common, const BoundCell& cell);

/// Where the listings of a suite are remembered, a JSON file each.
std::filesystem::path listings_directory(const CommonPlan& common);

/// What was listed last, perhaps before an edit; nothing when nothing was.
std::optional<Listing> last_listing(const CommonPlan& common, const BoundCell& cell);

} // namespace ctest_matrix
