#include "process/listeners.hpp"

#include "base/descriptor.hpp"
#include "base/directory.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// An address of IPv6, or one of IPv4 in its form there (::ffff:127.0.0.1).
using Address = std::array<unsigned char, 16>;

constexpr std::uintmax_t k_users_limit = 16 << 20; // bytes of /etc/passwd

bool is_mapped(const Address& address) {
  return std::all_of(address.begin(), address.begin() + 10, [](unsigned char byte) { return byte == 0; }) &&
         address[10] == 0xFF && address[11] == 0xFF;
}

Address mapped(const unsigned char* v4) {
  Address address{};
  address[10] = address[11] = 0xFF;
  std::copy_n(v4, 4, address.begin() + 12);
  return address;
}

/// All addresses of its family.
bool is_any(const Address& address) {
  const auto begin = address.begin() + (is_mapped(address) ? 12 : 0);
  return std::all_of(begin, address.end(), [](unsigned char byte) { return byte == 0; });
}

bool is_loopback(const Address& address) {
  constexpr Address k_v6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address == k_v6 || (is_mapped(address) && address[12] == 127);
}

/// An address of /proc/net/tcp{,6}: hexadecimal groups of eight digits, each a word in the machine's byte
/// order.
std::optional<Address> parse_address(std::string_view hex) {
  std::vector<unsigned char> bytes;
  for (; hex.size() >= 8; hex.remove_prefix(8)) {
    std::uint32_t word = 0;
    if (std::from_chars(hex.data(), hex.data() + 8, word, 16).ptr != hex.data() + 8) {
      return std::nullopt;
    }
    std::array<unsigned char, 4> part;
    std::memcpy(part.data(), &word, part.size());
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  if (bytes.size() == 4) {
    return mapped(bytes.data());
  }
  Address address{};
  if (bytes.size() != address.size()) {
    return std::nullopt;
  }
  std::copy(bytes.begin(), bytes.end(), address.begin());
  return address;
}

struct BoundListener {
  Address address{};
  Listener listener;
};

/// Adds those of a table that listen on `port`: `sl local remote st queues timer retransmits uid timeout
/// inode`.
void add_listeners(const std::string& table, int port, std::vector<BoundListener>& found) {
  constexpr std::string_view k_listen = "0A";
  constexpr std::size_t k_local = 1;
  constexpr std::size_t k_state = 3;
  constexpr std::size_t k_user = 7;
  constexpr std::size_t k_inode = 9;
  const std::string suffix = fmt::format(":{:04X}", port);
  const auto text = read_file(table);
  for (const std::string& line : split_lines(text ? *text : "")) {
    if (line.find(suffix) == std::string::npos) {
      continue; // mostly: on a busy machine there are thousands, and taking one apart is slow
    }
    std::vector<std::string> fields = split(line, ' ');
    std::erase(fields, "");
    if (fields.size() <= k_inode || fields[k_state] != k_listen || !fields[k_local].ends_with(suffix)) {
      continue;
    }
    BoundListener bound;
    const std::string_view local = fields[k_local];
    const auto address = parse_address(local.substr(0, local.size() - suffix.size()));
    const std::string& user = fields[k_user];
    std::from_chars(user.data(), user.data() + user.size(), bound.listener.user);
    if (address) {
      bound.address = *address;
      bound.listener.socket = fmt::format("socket:[{}]", fields[k_inode]);
      found.push_back(std::move(bound));
    }
  }
}

std::vector<BoundListener> all_listeners(int port) {
  std::vector<BoundListener> found;
  add_listeners("/proc/net/tcp", port, found);
  add_listeners("/proc/net/tcp6", port, found);
  return found;
}

/// Nothing where this user may not see the descriptors of the process.
std::optional<bool> holds(pid_t pid, const std::string& socket) {
  const fs::path directory = fmt::format("/proc/{}/fd", pid);
  if (access(directory.c_str(), R_OK) != 0 && errno == EACCES) {
    return std::nullopt;
  }
  std::error_code error;
  for (const DirectoryEntry& entry : list_directory(directory)) {
    const fs::path target = fs::read_symlink(directory / entry.name, error);
    if (error == std::errc::permission_denied) {
      return std::nullopt;
    }
    if (!error && target == socket) {
      return true;
    }
  }
  return false;
}

/// Whether a process has a user among its real, effective and saved ones.
bool has_user(pid_t pid, uid_t user) {
  const auto status = read_file(fmt::format("/proc/{}/status", pid));
  for (const std::string& line : split_lines(status ? *status : "")) {
    if (line.starts_with("Uid:")) {
      const std::vector<std::string> users = split(trim(std::string_view(line).substr(4)), '\t');
      return std::find(users.begin(), users.end(), std::to_string(user)) != users.end();
    }
  }
  return false;
}

std::vector<Listener> sockets_of(const std::vector<BoundListener>& bound) {
  std::vector<Listener> listeners;
  for (const BoundListener& each : bound) {
    listeners.push_back(each.listener);
  }
  return listeners;
}

struct Target {
  Address address{};
  int port = 0;
};

std::optional<Target> target_of(const sockaddr_storage& storage) {
  Target target;
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    target.address = mapped(reinterpret_cast<const unsigned char*>(&v4.sin_addr));
    target.port = ntohs(v4.sin_port);
    return target;
  }
  if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    std::copy_n(v6.sin6_addr.s6_addr, target.address.size(), target.address.begin());
    target.port = ntohs(v6.sin6_port);
    return target;
  }
  return std::nullopt;
}

/// Whether an address is one of this machine's: only to such a one a socket can be bound.
bool is_of_this_machine(sockaddr_storage storage) {
  const bool v4 = storage.ss_family == AF_INET;
  (v4 ? reinterpret_cast<sockaddr_in&>(storage).sin_port
      : reinterpret_cast<sockaddr_in6&>(storage).sin6_port) = 0;
  const Descriptor probe(socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const socklen_t size = v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  return probe && bind(probe.get(), reinterpret_cast<const sockaddr*>(&storage), size) == 0;
}

/// How well a listener fits what is sent to an address; 0: it does not get it.
int fit(const Address& listener, const Address& target) {
  if (listener == target) {
    return 3;
  }
  if (!is_any(listener)) {
    return 0;
  }
  const bool same_family = is_mapped(listener) == is_mapped(target);
  return same_family ? 2 : is_mapped(target) ? 1 : 0; // one of IPv6 may get what is sent to IPv4
}

} // namespace

std::vector<Listener> listeners_on(int port) {
  std::vector<BoundListener> found = all_listeners(port);
  std::erase_if(
      found, [](const BoundListener& each) { return !is_any(each.address) && !is_loopback(each.address); });
  return sockets_of(found);
}

std::vector<Listener> listeners_for(const sockaddr_storage& address) {
  const auto target = target_of(address);
  if (!target || !is_of_this_machine(address)) {
    return {};
  }
  // What is sent to all addresses arrives at the loopback address.
  Address destination = target->address;
  if (is_any(destination)) {
    destination[15] = 1;
    destination[12] = is_mapped(destination) ? 127 : 0;
  }
  std::vector<BoundListener> found = all_listeners(target->port);
  int best = 1;
  for (const BoundListener& each : found) {
    best = std::max(best, fit(each.address, destination));
  }
  std::erase_if(found, [&](const BoundListener& each) { return fit(each.address, destination) < best; });
  return sockets_of(found);
}

std::vector<pid_t> holders_of(const Listener& listener) {
  std::vector<pid_t> holders;
  for (const ProcessEntry& process : all_processes()) {
    if (holds(process.pid, listener.socket).value_or(false)) {
      holders.push_back(process.pid);
    }
  }
  return holders;
}

bool is_held_by(const Listener& listener, const std::vector<ProcessEntry>& processes) {
  return std::any_of(processes.begin(), processes.end(), [&](const ProcessEntry& process) {
    const auto held = holds(process.pid, listener.socket);
    return held ? *held : has_user(process.pid, listener.user);
  });
}

std::string user_name(uid_t user) {
  const auto users = read_regular_file("/etc/passwd", k_users_limit);
  for (const std::string& line : split_lines(users ? *users : "")) {
    const std::vector<std::string> fields = split(line, ':'); // name:password:uid:...
    if (fields.size() > 2 && fields[2] == std::to_string(user)) {
      return printable(fields[0]);
    }
  }
  return std::to_string(user);
}

} // namespace ctest_matrix
