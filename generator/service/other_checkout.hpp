// A service that runs from another checkout of this repository: whether it is the one that would run here.
#pragma once

#include "plan/plan.hpp"
#include "process/listeners.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

struct OtherCheckout {
  std::filesystem::path root; ///< what is the root here
  std::string process;        ///< the one that listens, for people
  std::string difference;     ///< why it is not the one that would run here; empty: it is
};

/// Of what listens where a service is to listen; nothing where it runs from here, from no checkout, or from
/// one of another repository. It is the same where all artifacts that it comes after have the same content
/// there and here, and its program, where that lies in the checkout.
std::optional<OtherCheckout> other_checkout(const CommonPlan& common, const Service& service,
                                            const std::vector<Listener>& listeners);

} // namespace ctest_matrix
