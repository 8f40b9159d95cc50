// Who listens at a TCP port, as the kernel's tables tell it: also of other users' processes, whose
// descriptors nobody else may see.
#pragma once

#include "process/table.hpp"

#include <sys/socket.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace ctest_matrix {

/// A socket that listens.
struct Listener {
  std::string socket; ///< what descriptors of it link to: socket:[4711]
  uid_t user = 0;     ///< who opened it
};

/// The sockets that listen on this port of a loopback address or of all addresses.
std::vector<Listener> listeners_on(int port);

/// Those of them that get what is sent to this IPv4 or IPv6 address and port: the one at the address itself
/// goes before those at all addresses. Empty also where the address is none of this machine's.
std::vector<Listener> listeners_for(const sockaddr_storage& address);

/// The processes that have it open, as far as this user may see that.
std::vector<pid_t> holders_of(const Listener& listener);

/// Whether one of these processes has the socket open. One whose descriptors this user may not see counts
/// where it has the user of the socket.
bool is_held_by(const Listener& listener, const std::vector<ProcessEntry>& processes);

/// The name of a user as /etc/passwd has it, else the number.
std::string user_name(uid_t user);

} // namespace ctest_matrix
