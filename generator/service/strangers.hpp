// Who answers for a service of ours though it is none of its processes.
#pragma once

#include "matrix/matrix.hpp"
#include "process/identity.hpp"
#include "service/state.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

/// Another process that listens where an instance is to listen: one whose port is taken may stay up, and one
/// whose server has ended, too, while somebody else answers. Empty: nobody does.
std::string foreign_listener(const Service& service, const ServiceState& state);

/// Who listens at the address of a service; at its ports, where its health is a line of its output.
struct Listening {
  std::vector<std::string> sockets;       ///< process/listeners.hpp
  std::vector<ProcessIdentity> processes; ///< as far as this user may see them
};

/// Nobody where the service has neither address nor ports, or the system does not tell.
Listening listening_at(const Service& service, const ServiceState& state);

/// Whether all who listened before have ended, and others listen now. A server that opens its socket anew,
/// or workers that come and go at one socket, go on.
bool is_replaced(const Listening& before, const Listening& now);

} // namespace ctest_matrix
