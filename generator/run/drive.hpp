// One ctest that goes through the cells of a run.
#pragma once

#include "base/result.hpp"
#include "ctest/call.hpp"
#include "plan/plan.hpp"
#include "process/child.hpp"
#include "run/results.hpp"
#include "run/voice.hpp"

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

struct Driven {
  ChildEnd end;
  std::string output; ///< all that ctest printed
};

/// Runs the cells by the call (whose `selection` and `junit` say where); the voice hears of it. When it was
/// interrupted, waits for the cells that ran to record so. Errors (setup): ctest cannot be started; (input):
/// the selection cannot be written.
Result<Driven> drive(const CtestCall& call, const CellsByTest& cells, Voice& voice, Results& results,
                     HeldServices& services, const CommonPlan& common);

} // namespace ctest_matrix
