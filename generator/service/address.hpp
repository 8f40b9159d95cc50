// Where a service is asked: URLs and HOST:PORT taken apart, and names turned into addresses without asking
// anybody. Knows no name server: what a health check names is this machine or written down in /etc/hosts.
#pragma once

#include "base/result.hpp"

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The port of a URL that names none.
inline constexpr int k_http_port = 80;

/// A TCP port, a number from 1 to 65535; nothing for any other text.
std::optional<int> parse_port(std::string_view text);

struct Endpoint {
  std::string host; ///< a name or an address, an IPv6 address without its brackets
  int port = 0;
};

/// HOST:PORT, the host possibly an IPv6 address in brackets. Error (input): not such an address.
Result<Endpoint> parse_endpoint(const std::string& text);

struct HealthUrl {
  Endpoint server;
  std::string target; ///< path and query
};

/// http://HOST[:PORT][/PATH][?QUERY]. Error (input): not such a URL; the message says what is wrong.
Result<HealthUrl> parse_health_url(const std::string& text);

/// What connect(2) takes.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// The addresses of an endpoint in the order in which they are to be tried, those of IPv6 first as
/// everywhere: of an address itself, of a name what `hosts`, the text of /etc/hosts, says, and of `localhost`
/// at least those of this machine. Empty: the name is unknown.
std::vector<SocketAddress> addresses_of(const Endpoint& endpoint, std::string_view hosts);

/// The same with /etc/hosts, which is read only where it is needed.
std::vector<SocketAddress> all_addresses_of(const Endpoint& endpoint);

} // namespace ctest_matrix
