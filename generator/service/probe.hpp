// Asks a service whether it is there: over HTTP, or by a bare TCP connection.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <string>

namespace ctest_matrix {

/// What a probe found. `reachable` means that something answered, with whatever status.
struct HealthAnswer {
  bool reachable = false;
  int status = 0;    ///< of HTTP, 0 without an answer
  std::string body;  ///< at most 1 MiB
  std::string error; ///< a sentence when not reachable, else empty
};

/// GET of an http:// URL; redirections are not followed. The timeout is for the whole probe. Error (input):
/// not such a URL.
Result<HealthAnswer> probe_http(const std::string& url, Milliseconds timeout);

/// Opens and closes a TCP connection; `reachable` when somebody accepts it.
HealthAnswer probe_tcp(const std::string& host, int port, Milliseconds timeout);

} // namespace ctest_matrix
