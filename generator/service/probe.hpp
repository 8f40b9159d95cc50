// Asks a service whether it is there: by one GET, or by a bare TCP connection, with a deadline for all of it.
#pragma once

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "process/pipes.hpp"
#include "service/address.hpp"
#include "service/http_answer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What a probe found. `reachable` means that something answered, with whatever status.
struct HealthAnswer {
  bool reachable = false;
  int status = 0;    ///< of HTTP, 0 without an answer
  std::string body;  ///< at most 1 MiB
  std::string error; ///< a sentence when not reachable, else empty
};

/// One question to a service. It never waits: whoever asks polls for what it awaits, and calls `advance`.
class Probe {
public:
  /// GET of an http:// URL; redirections are not followed. Error (input): not such a URL.
  static Result<Probe> http(const std::string& url, Milliseconds timeout);

  /// Opens and closes a TCP connection; `reachable` when somebody accepts it.
  static Probe tcp(const Endpoint& endpoint, Milliseconds timeout);

  /// What `advance` waits for, while it is not done.
  Awaited awaited() const;

  /// Goes on as far as that is possible without waiting; true when there is an answer. To be called when what
  /// is awaited is there, or at any time.
  bool advance();

  const HealthAnswer& answer() const { return m_answer; }

private:
  enum class Step { resolving, connecting, sending, receiving, done };

  Probe(std::string name, Endpoint endpoint, Milliseconds timeout);

  void resolve();
  void connect_next(int error);
  void finish_connecting();
  void send();
  void receive();
  void fail(std::string_view why);

  std::string m_name; ///< `answer from http://…` or `connection to HOST:PORT`
  Endpoint m_endpoint;
  bool m_bare = true;    ///< a connection is all that is asked for
  std::string m_request; ///< what is still to be sent
  Milliseconds m_timeout;
  Milliseconds m_deadline; ///< of the monotonic clock
  std::vector<SocketAddress> m_addresses;
  std::size_t m_tried = 0; ///< of the addresses
  Step m_step = Step::resolving;
  Descriptor m_socket;
  HttpAnswer m_http;
  HealthAnswer m_answer;
};

/// Waits for the answer of a probe.
HealthAnswer answer_of(Probe probe);

} // namespace ctest_matrix
