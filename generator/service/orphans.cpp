#include "service/orphans.hpp"

#include "base/directory.hpp"
#include "base/file_lock.hpp"
#include "plan/places.hpp"
#include "process/leftovers.hpp"
#include "service/supervisor.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

bool is_orphaned(const ServiceState& state) {
  const bool goes_on = state.phase == ServicePhase::starting || state.phase == ServicePhase::healthy ||
                       state.phase == ServicePhase::stopping;
  return goes_on && state.supervisor.pid > 0 && !state.supervisor.alive();
}

Result<void> end_orphans(const ServiceFiles& files, Milliseconds patience) {
  auto state = files.read();
  if (!state || state->phase == ServicePhase::borrowed || state->supervisor.alive()) {
    return {};
  }
  end_bearers(service_marker(state->instance), patience);
  if (!is_orphaned(*state)) {
    return {};
  }
  state->phase = ServicePhase::died;
  state->detail = "its supervisor was killed";
  return files.write(*state);
}

void sweep_services(const CommonPlan& common) {
  const auto directory = user_state(common.places.root, "services");
  if (!directory) {
    return; // and so there are no services
  }
  Milliseconds grace = common.grace;
  for (const Service& service : common.services) {
    grace = std::max(grace, service.grace);
  }
  for (const DirectoryEntry& entry : list_directory(*directory)) {
    const ServiceFiles files(*directory / entry.name);
    if (const auto state = files.read(); state && is_orphaned(*state) && files.check_format()) {
      const auto lock = FileLock::try_acquire(files.lock());
      if (lock && *lock) {
        static_cast<void>(end_orphans(files, leftover_patience(grace)));
      }
    }
  }
}

} // namespace ctest_matrix
