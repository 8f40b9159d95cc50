#include "service/health.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "service/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ctest_matrix {

namespace {

std::string field_problem(const Health& health, const std::string& body) {
  const auto json = parse_json(
      body, {.twice = JsonRules::Twice::last_counts, .lone_surrogate = JsonRules::LoneSurrogate::replaced});
  for (const auto& [name, value] : health.fields) {
    const Json* field = json ? json->find(name) : nullptr;
    if (field == nullptr) {
      return fmt::format("expected a field \"{}\" in its answer, got {}", name,
                         ellipsis(printable(body), 200));
    }
    const std::string text = field->as_string() != nullptr ? *field->as_string() : field->dump();
    if (text != value) {
      return fmt::format("expected {} \"{}\", got \"{}\"", name, value, ellipsis(printable(text), 100));
    }
  }
  return "";
}

} // namespace

Result<Probe> ask_service(const Health& health, const std::string& target, Milliseconds timeout) {
  switch (health.kind) {
  case HealthKind::http:
    return Probe::http(target, timeout);
  case HealthKind::tcp: {
    TRY_ASSIGN(const Endpoint endpoint, parse_endpoint(target));
    return Probe::tcp(endpoint, timeout);
  }
  case HealthKind::log:
    break;
  }
  return Error{ExitCode::input, "a line of the output tells, and cannot be asked for"};
}

ServiceProbe judge_answer(const Health& health, const HealthAnswer& answer) {
  if (!answer.reachable || health.kind == HealthKind::tcp) {
    return {answer.reachable, answer.error};
  }
  if (answer.status != health.status) {
    return {true, fmt::format("expected status {}, got {}", health.status, answer.status)};
  }
  return {true, health.fields.empty() ? "" : field_problem(health, answer.body)};
}

ServiceProbe probe_service(const Health& health, const std::string& target, Milliseconds timeout) {
  auto probe = ask_service(health, target, timeout);
  return probe ? judge_answer(health, answer_of(std::move(*probe)))
               : ServiceProbe{false, probe.error().message};
}

Milliseconds ProbePauses::after(const ServiceProbe& probe) {
  constexpr Milliseconds k_first{10};
  constexpr Milliseconds k_longest_unanswered{20};
  constexpr int k_share = 50;
  m_answered = m_answered || probe.reachable;
  m_next = m_answered ? std::max(m_waited / k_share, k_first)
                      : std::min(m_next == Milliseconds(0) ? k_first : 2 * m_next, k_longest_unanswered);
  m_next = std::min(m_next, m_interval);
  m_waited += m_next;
  return m_next;
}

std::optional<Endpoint> health_endpoint(HealthKind kind, const std::string& target) {
  if (kind == HealthKind::http) {
    auto url = parse_health_url(target);
    return url ? std::optional(std::move(url->server)) : std::nullopt;
  }
  Result<Endpoint> endpoint = kind == HealthKind::tcp ? parse_endpoint(target) : Error{};
  return endpoint ? std::optional(*std::move(endpoint)) : std::nullopt;
}

std::vector<Listener> listeners_at(HealthKind kind, const std::string& target) {
  const auto endpoint = health_endpoint(kind, target);
  if (!endpoint) {
    return {};
  }
  for (const SocketAddress& address : all_addresses_of(*endpoint)) {
    if (std::vector<Listener> found = listeners_for(address.storage); !found.empty()) {
      return found; // whoever asks comes no further
    }
  }
  return {};
}

} // namespace ctest_matrix
