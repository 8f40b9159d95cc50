#include "service/container_port.hpp"

#include "process/table.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

namespace {

std::string program_name(const std::vector<std::string>& arguments) {
  return arguments.empty() ? "" : std::filesystem::path(arguments.front()).filename().string();
}

bool is_client(pid_t pid) {
  constexpr std::array<std::string_view, 4> k_clients{"docker", "docker-compose", "podman", "nerdctl"};
  return std::ranges::find(k_clients, program_name(arguments_of(pid))) != k_clients.end();
}

/// `docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 6420 -container-ip …`, of the socket's user.
bool is_proxy(pid_t pid, const Listener& listener, int port) {
  const std::vector<std::string> arguments = arguments_of(pid);
  const std::string wanted = std::to_string(port);
  const auto at = std::ranges::find(arguments, "-host-port");

  struct stat process {};

  return program_name(arguments) == "docker-proxy" && at != arguments.end() && at + 1 != arguments.end() &&
         *(at + 1) == wanted && stat(("/proc/" + std::to_string(pid)).c_str(), &process) == 0 &&
         process.st_uid == listener.user;
}

} // namespace

bool is_port_of_container(const Listener& listener, int port, const std::vector<ProcessEntry>& processes) {
  if (std::ranges::none_of(processes, is_client, &ProcessEntry::pid)) {
    return false;
  }
  const std::vector<ProcessEntry> all = all_processes();
  return std::ranges::any_of(all,
                             [&](const ProcessEntry& entry) { return is_proxy(entry.pid, listener, port); });
}

} // namespace ctest_matrix
