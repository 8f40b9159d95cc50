// Whether a service is there, by the means that the matrix declares.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "matrix/matrix.hpp"
#include "process/listeners.hpp"
#include "service/address.hpp"
#include "service/probe.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// How long one probe may take.
inline constexpr Milliseconds k_probe_timeout{5000};

/// What a probe found: `problem` is empty when the service is healthy.
struct ServiceProbe {
  bool reachable = false; ///< somebody answers there, with whatever
  std::string problem;
};

/// A question at `target`, which is the rendered one of `health`. Error (input): the target is no address, or
/// the health is one of HealthKind::log, of which nothing can be asked.
Result<Probe> ask_service(const Health& health, const std::string& target, Milliseconds timeout);

/// What an answer says of a service.
ServiceProbe judge_answer(const Health& health, const HealthAnswer& answer);

/// Asks and waits for the answer.
ServiceProbe probe_service(const Health& health, const std::string& target, Milliseconds timeout);

/// When a service that is starting is asked next. While nobody answers, a question costs next to nothing: it
/// is asked after 10 and then each 20 ms, or as often as `interval` says where that is more. From its
/// first answer on, it is asked after 2 % of the time that has gone by, at least 10 ms and at most
/// `interval`: what is told late is told late by that much.
class ProbePauses {
public:
  explicit ProbePauses(Milliseconds interval) : m_interval(interval) {}

  /// How long to wait after a question with this result.
  Milliseconds after(const ServiceProbe& probe);

private:
  Milliseconds m_interval;
  Milliseconds m_next{0}; ///< 0: the first one
  Milliseconds m_waited{0};
  bool m_answered = false;
};

/// Where `target` points to; nothing for HealthKind::log, or when it points nowhere.
std::optional<Endpoint> health_endpoint(HealthKind kind, const std::string& target);

/// Who answers where `target` points to, as far as the system tells.
std::vector<Listener> listeners_at(HealthKind kind, const std::string& target);

} // namespace ctest_matrix
