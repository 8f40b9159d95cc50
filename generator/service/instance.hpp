// One instance of a service: borrowed when it is there already, else started, owned and kept by leases.
#pragma once

#include "base/file_lock.hpp"
#include "base/result.hpp"
#include "plan/plan.hpp"
#include "process/listeners.hpp"
#include "service/state.hpp"
#include "service/strangers.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What becomes of a service that nobody holds any more.
enum class Ending {
  linger, ///< what the matrix says
  now,    ///< it stops at once
};

/// How a cell comes to a service.
struct ServiceGrant {
  ServiceState state;
  std::string note; ///< what a reader of the cell's result should know; empty: nothing
  bool restarted = false;
  Listening listening; ///< at its address, now
};

/// The instances of a service are numbered from 0. An instance is the same one from every build directory of
/// a checkout. The suite and the service must outlive this object.
class ServiceInstance {
public:
  /// `state` is where this checkout's services keep theirs (plan/places.hpp, `user_state`).
  ServiceInstance(const CommonPlan& common, const Service& service, int number,
                  const std::filesystem::path& state);

  /// `engine`, of a pool `engine.0`.
  std::string title() const;

  const Service& service() const { return m_service; }

  const ServiceFiles& files() const { return m_files; }

  /// Makes sure that it is there and healthy, and holds a lease on it for `holder`. A healthy one of the same
  /// definition is shared; on a fixed address, one that somebody else started is borrowed; otherwise it is
  /// started, below a supervisor of ours that ends it when the last lease has ended, however that came.
  /// Error (setup): it does not start, it is not healthy in time, its address is held by something else, or
  /// others hold one of another definition; the message has the end of its log.
  Result<ServiceState> up(const ProcessIdentity& holder) const;

  /// Holds a lease for `holder` without starting anything: the cell that needs it does. What is known of one
  /// that has ended is forgotten. Error (setup): the lease cannot be written.
  Result<void> reserve(const ProcessIdentity& holder) const;

  /// Ends the lease of `holder`; where it was the last one and the service does not linger, waits until it
  /// has stopped. Error (setup): it does not stop.
  Result<void> down(const ProcessIdentity& holder, Ending ending) const;

  /// For a cell: like `up`, but one that ended although somebody holds it is started again only where the
  /// matrix says so. Error (setup): as for `up`, or it is gone; the message says how.
  Result<ServiceGrant> up_for_cell(const ProcessIdentity& cell) const;

  /// What happened to it since it was granted; empty: it is the same and healthy.
  std::string problem_since(const ServiceGrant& before) const;

  /// The file that it writes its output to.
  std::filesystem::path log() const;

private:
  /// What `up` finds, or has begun.
  struct Entry {
    ServiceState state;
    bool others = false; ///< somebody else is starting it
  };

  Values fixed_values() const;
  Result<FileLock> lock() const;
  Result<std::optional<ServiceState>> borrow_fixed() const;
  Result<std::optional<ServiceState>> share(const ProcessIdentity& holder) const;
  Result<ServiceState> get(const ProcessIdentity& holder) const;
  Result<Entry> enter(const ProcessIdentity& holder) const;
  Result<ServiceState> new_state() const;
  Result<ServiceState> begin_start() const;
  Result<void> end_hung(ServiceState state, Milliseconds patience) const;
  Result<void> settle() const;
  Result<ServiceState> await_start(const std::string& instance) const;
  Result<void> await_stop() const;
  Result<void> end_orphans() const;
  Result<void> stop_now(const ServiceState& state) const;
  std::string lost(const ServiceState& state) const;
  std::string present_problem(const ServiceState& now, const Listening& before) const;
  std::string own_problem(const ServiceState& now, const Listening& before) const;
  std::string shared_problem(const ServiceState& state) const;

  const CommonPlan& m_common;
  const Service& m_service;
  int m_number;
  ServiceFiles m_files;
};

} // namespace ctest_matrix
