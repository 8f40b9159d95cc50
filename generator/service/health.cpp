#include "service/health.hpp"

#include "base/text.hpp"
#include "process/table.hpp"
#include "service/probe.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>

namespace ctest_matrix {

namespace {

/// Where the colon before the port is; npos without one.
std::size_t port_colon(std::string_view authority) {
  const std::size_t bracket = authority.find(']');
  return authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
}

std::optional<int> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && port > 0 && port < 65536 ? std::optional(port) : std::nullopt;
}

std::string field_problem(const Health& health, const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  for (const auto& [name, value] : health.fields) {
    const auto field = json.is_object() ? json.find(name) : json.end();
    if (!json.is_object() || field == json.end()) {
      return fmt::format("expected a field \"{}\" in its answer, got {}", name,
                         ellipsis(printable(body), 200));
    }
    const std::string text = field->is_string() ? field->get<std::string>() : field->dump();
    if (text != value) {
      return fmt::format("expected {} \"{}\", got \"{}\"", name, value, ellipsis(printable(text), 100));
    }
  }
  return "";
}

ServiceProbe probe_url(const Health& health, const std::string& url, Milliseconds timeout) {
  const auto answer = probe_http(url, timeout);
  if (!answer) {
    return {false, answer.error().message};
  }
  if (!answer->reachable) {
    return {false, answer->error};
  }
  if (answer->status != health.status) {
    return {true, fmt::format("expected status {}, got {}", health.status, answer->status)};
  }
  return {true, health.fields.empty() ? "" : field_problem(health, answer->body)};
}

ServiceProbe probe_connection(const std::string& target, Milliseconds timeout) {
  const std::size_t colon = port_colon(target);
  const auto port = health_port(HealthKind::tcp, target);
  if (!port || colon == 0) {
    return {false, fmt::format("bad address '{}'; expected HOST:PORT", printable(target))};
  }
  std::string host = target.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  const HealthAnswer answer = probe_tcp(host, *port, timeout);
  return {answer.reachable, answer.error};
}

} // namespace

ServiceProbe probe_service(const Health& health, const std::string& target, Milliseconds timeout) {
  switch (health.kind) {
  case HealthKind::http:
    return probe_url(health, target, timeout);
  case HealthKind::tcp:
    return probe_connection(target, timeout);
  case HealthKind::log:
    break;
  }
  return {};
}

std::optional<int> health_port(HealthKind kind, const std::string& target) {
  if (kind == HealthKind::log) {
    return std::nullopt;
  }
  std::string_view authority = target;
  if (kind == HealthKind::http) {
    const std::size_t begin = authority.find("//");
    authority.remove_prefix(begin == std::string_view::npos ? 0 : begin + 2);
    authority = authority.substr(0, authority.find_first_of("/?#"));
  }
  const std::size_t colon = port_colon(authority);
  if (colon == std::string_view::npos) {
    return kind == HealthKind::http ? std::optional(80) : std::nullopt;
  }
  return parse_port(authority.substr(colon + 1));
}

std::vector<pid_t> listeners_at(HealthKind kind, const std::string& target) {
  const auto port = health_port(kind, target);
  return port ? listener_of(*port) : std::vector<pid_t>();
}

} // namespace ctest_matrix
