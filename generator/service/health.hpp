// Whether a service is there, by the means that the matrix declares.
#pragma once

#include "base/clock.hpp"
#include "matrix/matrix.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// How long one probe may take, in milliseconds.
inline constexpr Milliseconds k_probe_timeout{5000};

/// What a probe found: `problem` is empty when the service is healthy.
struct ServiceProbe {
  bool reachable = false; ///< somebody answers there, with whatever
  std::string problem;
};

/// Asks at `target`, which is the rendered one of `health`. Of HealthKind::log nothing can be asked: it is
/// never reachable.
ServiceProbe probe_service(const Health& health, const std::string& target, Milliseconds timeout);

/// The TCP port that `target` names; nothing for HealthKind::log, or when there is none.
std::optional<int> health_port(HealthKind kind, const std::string& target);

/// The processes that listen where `target` points to, as far as the system tells.
std::vector<pid_t> listeners_at(HealthKind kind, const std::string& target);

} // namespace ctest_matrix
