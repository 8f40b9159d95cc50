// The first step of a cell: waits until the cell may run, and finds out what has to be known before its
// runner starts. Knows nothing of what the runner does.
#pragma once

#include "cell/expected_tests.hpp"
#include "cell/services.hpp"
#include "cell/task.hpp"
#include "process/turn.hpp"

#include <optional>
#include <string>

namespace ctest_matrix {

/// What a cell has when its runner may start.
struct Preparation {
  Milliseconds begin{0};                ///< monotonic: nobody else's cell was in the way any more
  std::optional<Turn> turn;             ///< where cells run one at a time: held until the runner has ended
  std::optional<CellServices> services; ///< nothing: they could not be claimed
  ExpectedTests expected;
  std::string problem; ///< why the runner cannot be started; empty: it can

  bool may_start() const { return problem.empty() && !expected.interrupted; }
};

/// In this order: the checkout's lock, instances of the services, an end to what killed runs left, the line
/// at which CTest's clock starts anew, artifacts, the listing, the services up. The locks are waited for as
/// long as CTest's time-out of the cell allows.
Preparation prepare(const CellTask& task);

} // namespace ctest_matrix
