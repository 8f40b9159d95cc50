// The services of one cell, from before it begins to after it has ended.
#pragma once

#include "base/file_lock.hpp"
#include "base/result.hpp"
#include "plan/plan.hpp"
#include "service/instance.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

class CellServices {
public:
  /// Gets the cell an instance of each pool to itself: CTest's choice, else any that is free. Error (setup):
  /// none became free in time.
  static Result<CellServices> claim(const CommonPlan& common, const Cell& cell, Milliseconds patience);

  /// Makes sure that all services are up, and holds them for this process. Error (setup): a service is not
  /// up.
  Result<void> begin();

  /// What happened to the services since `begin`, as a sentence; empty: nothing.
  std::string problem() const;

  /// Lets go of the services; those that nobody else holds stop.
  void end();

  /// The values of the services' placeholders.
  const Values& values() const { return m_values; }

  /// How long each service took to start, for those that were started and not borrowed.
  std::vector<std::pair<std::string, Milliseconds>> start_times() const;

  /// What a reader of the cell's result should know.
  const std::vector<std::string>& notes() const { return m_notes; }

  /// The instances that the cell has: engine, of a pool engine.1.
  std::vector<std::string> instances() const;

  /// The files that the services write their output to.
  std::vector<std::string> logs() const;

  /// The services that had ended before the cell, and were started again for it.
  const std::vector<std::string>& restarted() const { return m_restarted; }

private:
  struct Use {
    ServiceInstance instance;
    std::optional<FileLock> lock;
    ServiceGrant grant;
  };

  std::vector<Use> m_uses;
  Values m_values;
  std::vector<std::string> m_notes;
  std::vector<std::string> m_restarted;
};

} // namespace ctest_matrix
