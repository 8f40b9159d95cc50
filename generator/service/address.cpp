#include "service/address.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_scheme = "http://";

struct Authority {
  Endpoint endpoint;        ///< the port is 0 where none is named
  std::string_view problem; ///< what is wrong with it; empty: nothing
};

/// HOST[:PORT], which RFC 3986 calls an authority.
Authority read_authority(std::string_view text) {
  Authority authority;
  std::size_t host_end = std::min(text.find(':'), text.size());
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) {
      authority.problem = "the bracket is not closed";
      return authority;
    }
    authority.endpoint.host = text.substr(1, bracket - 1);
    host_end = bracket + 1;
  } else {
    authority.endpoint.host = text.substr(0, host_end);
  }
  const std::string_view rest = text.substr(host_end);
  const auto port = rest.starts_with(':') ? parse_port(rest.substr(1)) : std::nullopt;
  authority.endpoint.port = port.value_or(0);
  if (authority.endpoint.host.empty()) {
    authority.problem = "it has no host";
  } else if (!rest.empty() && !port) {
    authority.problem = "the port is not a number from 1 to 65535";
  }
  return authority;
}

bool same_name(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// RFC 6761, section 6.3: such a name never leaves the machine.
bool is_localhost(std::string_view name) {
  constexpr std::string_view k_localhost = "localhost";
  constexpr std::string_view k_below = ".localhost";
  return same_name(name, k_localhost) ||
         (name.size() > k_below.size() && same_name(name.substr(name.size() - k_below.size()), k_below));
}

/// The address that a text is, not one that it names. As with getaddrinfo(3), IPv4 may be abbreviated
/// (`127.1`).
std::optional<SocketAddress> literal(const std::string& text, int port) {
  SocketAddress address;
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof *v6;
    return address;
  }
  if (text.find_first_of(" \t\n") == std::string::npos && inet_aton(text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof *v4;
    return address;
  }
  return std::nullopt;
}

/// The words of a line of /etc/hosts, an address and its names, without the comment.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  line = line.substr(0, line.find('#'));
  while (!(line = trim(line)).empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

} // namespace

std::optional<int> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && port > 0 && port < 65536 ? std::optional(port) : std::nullopt;
}

Result<Endpoint> parse_endpoint(const std::string& text) {
  Authority authority = read_authority(text);
  if (!authority.problem.empty() || authority.endpoint.port == 0) {
    return Error{ExitCode::input, fmt::format("bad address '{}'; expected HOST:PORT", printable(text))};
  }
  return std::move(authority.endpoint);
}

Result<HealthUrl> parse_health_url(const std::string& text) {
  const auto refuse = [&](std::string_view why) {
    return Error{ExitCode::input, fmt::format("bad health URL '{}': {}; expected http://HOST[:PORT][/PATH]",
                                              printable(text), why)};
  };
  std::string_view rest = text;
  if (!rest.starts_with(k_scheme)) {
    return refuse("it does not begin with http://");
  }
  rest.remove_prefix(k_scheme.size());
  if (std::any_of(rest.begin(), rest.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7F; })) {
    return refuse("it holds a space, a control character or one that is not ASCII");
  }
  rest = rest.substr(0, rest.find('#'));
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  if (rest.substr(0, authority_end).find('@') != std::string_view::npos) {
    return refuse("a user name is not supported");
  }
  Authority authority = read_authority(rest.substr(0, authority_end));
  if (!authority.problem.empty()) {
    return refuse(authority.problem);
  }
  HealthUrl url;
  url.server = std::move(authority.endpoint);
  url.server.port = url.server.port == 0 ? k_http_port : url.server.port;
  const std::string_view target = rest.substr(authority_end);
  url.target = (target.starts_with('/') ? "" : "/") + std::string(target);
  return url;
}

std::vector<SocketAddress> addresses_of(const Endpoint& endpoint, std::string_view hosts) {
  if (const auto itself = literal(endpoint.host, endpoint.port)) {
    return {*itself};
  }
  std::vector<SocketAddress> addresses;
  const auto add = [&](const std::string& text) {
    if (const auto address = literal(text, endpoint.port)) {
      addresses.push_back(*address);
    }
  };
  for (const std::string& line : split_lines(hosts)) {
    const std::vector<std::string> words = words_of(line);
    if (std::any_of(words.begin() + (words.empty() ? 0 : 1), words.end(),
                    [&](const std::string& name) { return same_name(name, endpoint.host); })) {
      add(words.front());
    }
  }
  if (addresses.empty() && is_localhost(endpoint.host)) {
    add("::1");
    add("127.0.0.1");
  }
  std::stable_partition(addresses.begin(), addresses.end(),
                        [](const SocketAddress& address) { return address.storage.ss_family == AF_INET6; });
  return addresses;
}

std::vector<SocketAddress> all_addresses_of(const Endpoint& endpoint) {
  constexpr std::uintmax_t k_hosts_limit = 1 << 20; // bytes
  std::vector<SocketAddress> addresses = addresses_of(endpoint, "");
  if (addresses.empty()) {
    const auto hosts = read_regular_file("/etc/hosts", k_hosts_limit);
    addresses = addresses_of(endpoint, hosts ? *hosts : "");
  }
  return addresses;
}

} // namespace ctest_matrix
