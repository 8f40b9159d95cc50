// The program that lists the tests of a cell, where an artifact of the matrix makes it.
#pragma once

#include "plan/plan.hpp"

#include <filesystem>
#include <optional>

namespace ctest_matrix {

struct ListingProgram {
  std::filesystem::path path; ///< absolute
  const Artifact* artifact;   ///< of the plan
};

/// Nothing where the suite has no listing, or no artifact of the cell has the program among its outputs.
std::optional<ListingProgram> listing_program(const CommonPlan& common, const BoundCell& cell);

/// Whether neither the program is there nor anything else that its artifact makes: nobody has built it yet.
bool is_unbuilt(const CommonPlan& common, const ListingProgram& program);

} // namespace ctest_matrix
