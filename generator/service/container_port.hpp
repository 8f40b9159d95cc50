// Ports of containers: who listens there is a process of the container engine, not of whoever started the
// container.
#pragma once

#include "process/listeners.hpp"

#include <vector>

namespace ctest_matrix {

/// Whether one of these processes is the client of a container engine (`docker run -p …`), and the listener
/// at this port is the engine's docker-proxy that passes on what arrives there.
bool is_port_of_container(const Listener& listener, int port, const std::vector<ProcessEntry>& processes);

} // namespace ctest_matrix
