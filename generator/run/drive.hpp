// One ctest that goes through the cells of a run, and what is shown meanwhile.
#pragma once

#include "base/result.hpp"
#include "ctest/call.hpp"
#include "plan/plan.hpp"
#include "process/child.hpp"
#include "run/live_view.hpp"
#include "run/outcome.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The cells of a run by the names that CTest knows them by.
using CellsByTest = std::map<std::string, const Cell*>;

/// Services that a run keeps until it is over, so that a test can be narrowed on them.
class HeldServices {
public:
  explicit HeldServices(const CommonPlan& common) : m_common(common) {}

  HeldServices(const HeldServices&) = delete;
  HeldServices& operator=(const HeldServices&) = delete;
  ~HeldServices();

  /// Takes a lease on the service that this test of CTest has started, if it is such a test.
  void hold(std::string_view test);

private:
  const CommonPlan& m_common;
  std::vector<const Service*> m_held;
};

/// What is said of a cell that has ended; `outcome` is what ctest says of it.
using OutcomeWords = std::function<std::string(const Cell& cell, const std::string& outcome)>;

struct Driven {
  ChildEnd end;
  std::string output; ///< all that ctest printed
};

/// Runs the cells by the call (whose `selection` and `junit` say where), and prints what happens. When it was
/// interrupted, waits for the cells that ran to record so. Errors (setup): ctest cannot be started; (input):
/// the selection cannot be written.
Result<Driven> drive(const CtestCall& call, const CellsByTest& cells, LiveView& view,
                     const RecordOf& record_of, const OutcomeWords& words, HeldServices& services,
                     const CommonPlan& common);

/// Prints at once.
void say(std::string_view text);

} // namespace ctest_matrix
