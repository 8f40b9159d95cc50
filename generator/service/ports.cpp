#include "service/ports.hpp"

#include "process/pipes.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace ctest_matrix {

Result<int> free_port() {
  TRY_ASSIGN(const std::vector<int> ports, free_ports(1));
  return ports.front();
}

Result<std::vector<int>> free_ports(std::size_t count) {
  std::vector<Descriptor> sockets; // all open until the end, so that no port comes twice
  std::vector<int> ports;
  while (ports.size() < count) {
    const Descriptor& bound = sockets.emplace_back(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bound.get() < 0 || bind(bound.get(), generic, size) != 0 ||
        getsockname(bound.get(), generic, &size) != 0) {
      return Error{ExitCode::setup,
                   fmt::format("cannot find a free port on 127.0.0.1: {}", std::strerror(errno))};
    }
    ports.push_back(ntohs(address.sin_port));
  }
  return ports;
}

} // namespace ctest_matrix
