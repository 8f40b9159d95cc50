// What is known of a service on disk: who runs it and where, and the leases of those who need it.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plan/environment.hpp"
#include "process/identity.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

enum class ServicePhase {
  starting,
  healthy,
  failed,   ///< it never became healthy; `detail` says why
  died,     ///< it ended although somebody needed it; `detail` says how
  stopping, ///< nobody needs it any more; its supervisor is ending it
  stopped,  ///< nobody needed it any more
  borrowed  ///< it was there already and is not ours to stop
};

struct ServiceState {
  ServicePhase phase = ServicePhase::starting;
  std::string instance;       ///< a new one for each start
  ProcessIdentity supervisor; ///< none for a borrowed service
  Values values;              ///< of its placeholders: engine.port.guard, engine.dir
  std::string target;         ///< where its health is asked for, or the line of its output that tells
  std::string definition;     ///< what it was started from; another one is another service
  std::string log;
  std::string program;        ///< version of the ctest-matrix whose supervisor it is; empty in version 0.1
  std::string detail;         ///< of a borrowed one: what is to be known about it
  Milliseconds start_time{0}; ///< from start to healthy
  Milliseconds linger{0};     ///< how long its supervisor keeps it after the last lease
};

/// The files of one instance of a service, the same ones from every build directory of a checkout. They are
/// about living processes: nothing waits until they are on the disk.
class ServiceFiles {
public:
  explicit ServiceFiles(std::filesystem::path directory) : m_directory(std::move(directory)) {}

  std::filesystem::path lock() const { return m_directory / "lock"; }

  /// Held by the cell that has this instance of a pool to itself.
  std::filesystem::path cell_lock() const { return m_directory / "cell.lock"; }

  const std::filesystem::path& directory() const { return m_directory; }

  /// Error (input): the last state is of a later program.
  Result<void> check_format() const;

  /// The last state; nothing when there is none or it cannot be read.
  std::optional<ServiceState> read() const;
  Result<void> write(const ServiceState& state) const;

  /// A lease: as long as this process lives, the service is kept.
  Result<void> add_lease(const ProcessIdentity& holder) const;
  void remove_lease(const ProcessIdentity& holder) const;

  /// The holders that are alive; leases of dead ones are removed.
  std::vector<ProcessIdentity> leases() const;

  /// Asks the supervisor of this instance to end it at once, whatever leases there are and however long it
  /// may linger. Only for whoever holds the lock.
  Result<void> request_stop(const std::string& instance) const;
  bool stop_requested(const std::string& instance) const;

private:
  std::filesystem::path m_directory;
};

} // namespace ctest_matrix
