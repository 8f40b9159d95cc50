#include "service/probe.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>

namespace ctest_matrix {

namespace {

/// Whether a connection that is being made can be asked how that went.
bool is_decided(int fd) {
  pollfd connecting{fd, POLLOUT, 0};
  return poll(&connecting, 1, 0) > 0;
}

/// The value of errno for a connection that could not be made, 0 for one that was.
int connect_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Host and port as a request names them.
std::string host_field(const Endpoint& server) {
  const bool v6 = server.host.find(':') != std::string::npos;
  const std::string host = v6 ? fmt::format("[{}]", server.host) : server.host;
  return server.port == k_http_port ? host : fmt::format("{}:{}", host, server.port);
}

} // namespace

Result<Probe> Probe::http(const std::string& url, Milliseconds timeout) {
  TRY_ASSIGN(const HealthUrl parsed, parse_health_url(url));
  Probe probe(fmt::format("answer from {}", url), parsed.server, timeout);
  probe.m_bare = false;
  probe.m_request = fmt::format("GET {} HTTP/1.1\r\n"
                                "Host: {}\r\n"
                                "User-Agent: ctest-matrix\r\n"
                                "Accept: */*\r\n"
                                "Accept-Encoding: identity\r\n"
                                "Connection: close\r\n"
                                "\r\n",
                                parsed.target, host_field(parsed.server));
  return probe;
}

Probe Probe::tcp(const Endpoint& endpoint, Milliseconds timeout) {
  return {fmt::format("connection to {}:{}", endpoint.host, endpoint.port), endpoint, timeout};
}

Probe::Probe(std::string name, Endpoint endpoint, Milliseconds timeout)
    : m_name(std::move(name)), m_endpoint(std::move(endpoint)), m_timeout(timeout),
      m_deadline(system_clock().monotonic() + timeout) {}

Awaited Probe::awaited() const {
  const short events = m_step == Step::receiving ? POLLIN : POLLOUT;
  return {.until = m_deadline, .descriptor = m_socket.get(), .events = events};
}

bool Probe::advance() {
  for (Step before = Step::done; m_step != Step::done && m_step != before;) {
    if (system_clock().monotonic() >= m_deadline) {
      fail(m_bare ? std::strerror(ETIMEDOUT)
                  : fmt::format("nothing complete within {}", format_duration(m_timeout)));
      break;
    }
    before = m_step;
    switch (m_step) {
    case Step::resolving:
      resolve();
      break;
    case Step::connecting:
      finish_connecting();
      break;
    case Step::sending:
      send();
      break;
    case Step::receiving:
      receive();
      break;
    case Step::done:
      break;
    }
  }
  return m_step == Step::done;
}

void Probe::resolve() {
  m_addresses = all_addresses_of(m_endpoint);
  m_step = Step::connecting;
  connect_next(0);
}

/// Tries the next address; `error` is why the one before was in vain.
void Probe::connect_next(int error) {
  while (m_tried < m_addresses.size()) {
    const SocketAddress& address = m_addresses[m_tried++];
    m_socket = Descriptor(
        socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (m_socket && (connect(m_socket.get(), address.get(), address.size) == 0 || errno == EINPROGRESS)) {
      return;
    }
    error = errno;
  }
  if (m_addresses.empty()) {
    fail(fmt::format("'{}' is neither an address nor a name in /etc/hosts, and no name server is asked",
                     printable(m_endpoint.host)));
    return;
  }
  std::string why = std::strerror(error);
  if (!m_bare) {
    why.front() = static_cast<char>(std::tolower(why.front()));
  }
  fail(why);
}

void Probe::finish_connecting() {
  if (!is_decided(m_socket.get())) {
    return;
  }
  if (const int error = connect_error(m_socket.get()); error != 0) {
    connect_next(error);
  } else if (m_bare) {
    m_answer.reachable = true;
    m_step = Step::done;
  } else {
    m_step = Step::sending;
  }
}

void Probe::send() {
  const ssize_t count = ::send(m_socket.get(), m_request.data(), m_request.size(), MSG_NOSIGNAL);
  if (count >= 0) {
    m_request.erase(0, static_cast<std::size_t>(count));
    m_step = m_request.empty() ? Step::receiving : Step::sending;
  } else if (errno != EAGAIN && errno != EINTR) {
    m_step = Step::receiving; // a server that answers before it is asked has its say
  }
}

/// Reads once, so that a flood does not keep the caller from everything else.
void Probe::receive() {
  std::array<char, 16384> buffer;
  const ssize_t count = recv(m_socket.get(), buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  const HttpAnswer::State state =
      count > 0 ? m_http.add({buffer.data(), static_cast<std::size_t>(count)}) : m_http.end();
  if (state == HttpAnswer::State::broken) {
    fail(m_http.problem());
  } else if (state == HttpAnswer::State::complete) {
    m_answer = {.reachable = true, .status = m_http.status(), .body = m_http.body(), .error = ""};
    m_step = Step::done;
  }
}

void Probe::fail(std::string_view why) {
  m_answer.error = fmt::format("no {}: {}", m_name, why);
  m_step = Step::done;
}

HealthAnswer answer_of(Probe probe) {
  while (!probe.advance()) {
    const Awaited awaited = probe.awaited();
    pollfd waiting{awaited.descriptor, awaited.events, 0};
    poll(&waiting, 1, poll_timeout(awaited.until));
  }
  return probe.answer();
}

} // namespace ctest_matrix
