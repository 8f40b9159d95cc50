#include "service/probe.hpp"

#include "base/text.hpp"
#include "process/pipes.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_body_limit = 1 << 20;

/// Added to the library's own time-outs, so that only ours decides.
constexpr Milliseconds k_beyond_the_limit{1'000};

struct Url {
  std::string host; ///< an IPv6 address without its brackets
  int port = 80;
  std::string target; ///< path and query
};

std::optional<int> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) {
    return std::nullopt;
  }
  return port;
}

/// http://HOST[:PORT][/PATH][?QUERY], the host possibly an IPv6 address in brackets.
Result<Url> parse_url(const std::string& text) {
  const auto refuse = [&](std::string_view why) {
    return Error{ExitCode::input, fmt::format("bad health URL '{}': {}; expected http://HOST[:PORT][/PATH]",
                                              printable(text), why)};
  };
  constexpr std::string_view k_scheme = "http://";
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
  std::string_view authority = rest.substr(0, authority_end);
  const std::string_view target = rest.substr(authority_end);
  Url url;
  url.target = (target.starts_with('/') ? "" : "/") + std::string(target);
  if (authority.find('@') != std::string_view::npos) {
    return refuse("a user name is not supported");
  }
  std::size_t host_end = authority.find(':');
  if (authority.starts_with('[')) {
    host_end = authority.find(']');
    if (host_end == std::string_view::npos) {
      return refuse("the bracket is not closed");
    }
    url.host = authority.substr(1, host_end - 1);
    ++host_end;
  } else {
    url.host = authority.substr(0, host_end);
  }
  if (url.host.empty()) {
    return refuse("it has no host");
  }
  authority.remove_prefix(std::min(host_end, authority.size()));
  if (!authority.empty()) {
    const auto port = authority.starts_with(':') ? parse_port(authority.substr(1)) : std::nullopt;
    if (!port) {
      return refuse("the port is not a number from 1 to 65535");
    }
    url.port = *port;
  }
  return url;
}

/// Breaks a request off at a moment: the library's time-outs are for each read, and a server that sends a
/// byte now and then would be waited for without end.
class RequestLimit {
public:
  RequestLimit(httplib::Client& client, Milliseconds timeout)
      : m_thread([this, &client, timeout] {
          std::unique_lock lock(m_mutex);
          // Again and again, since stopping has no effect in the moment before the connection is there.
          auto patience = timeout;
          while (!m_changed.wait_for(lock, patience, [this] { return m_over; })) {
            m_passed = true;
            client.stop();
            patience = Milliseconds(10);
          }
        }) {}

  RequestLimit(const RequestLimit&) = delete;
  RequestLimit& operator=(const RequestLimit&) = delete;

  ~RequestLimit() { end(); }

  /// Ends the watch; true when the time had passed.
  bool end() {
    if (m_thread.joinable()) {
      {
        const std::lock_guard lock(m_mutex);
        m_over = true;
      }
      m_changed.notify_one();
      m_thread.join();
    }
    return m_passed;
  }

private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_over = false;
  bool m_passed = false;
  std::thread m_thread;
};

std::string describe(httplib::Error error) {
  switch (error) {
  case httplib::Error::Connection:
    return "connection refused";
  case httplib::Error::Read:
    return "the connection ended without an HTTP response";
  default:
    return httplib::to_string(error);
  }
}

/// Waits until a connection is made; 0 or the value of errno.
int finish_connecting(int fd, Milliseconds deadline) {
  pollfd waiting{fd, POLLOUT, 0};
  for (;;) {
    const int ready = poll(&waiting, 1, poll_timeout(deadline));
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready <= 0) {
      return ready == 0 ? ETIMEDOUT : errno;
    }
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
  }
}

int try_connect(const addrinfo& address, Milliseconds deadline) {
  const Descriptor fd(socket(address.ai_family, address.ai_socktype, address.ai_protocol));
  if (fd.get() < 0) {
    return errno;
  }
  fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
  set_nonblocking(fd.get());
  if (connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) {
    return 0;
  }
  return errno == EINPROGRESS || errno == EINTR ? finish_connecting(fd.get(), deadline) : errno;
}

} // namespace

Result<HealthAnswer> probe_http(const std::string& url, Milliseconds timeout) {
  const Result<Url> parsed = parse_url(url);
  if (!parsed) {
    return parsed.error();
  }
  HealthAnswer answer;
  const auto unreachable = [&](std::string_view why) {
    return HealthAnswer{false, 0, "", fmt::format("no answer from {}: {}", url, why)};
  };
  const Milliseconds deadline = system_clock().monotonic() + timeout;
  try {
    httplib::Client client(parsed->host, parsed->port);
    client.set_connection_timeout(timeout);
    client.set_read_timeout(timeout + k_beyond_the_limit);
    client.set_write_timeout(timeout + k_beyond_the_limit);
    client.set_url_encode(false);
    RequestLimit limit(client, timeout);
    bool cut = false;
    const httplib::Result result = client.Get(
        parsed->target,
        [&](const httplib::Response& response) {
          answer.status = response.status;
          return true;
        },
        [&](const char* data, std::size_t length) {
          answer.body.append(data, std::min(length, k_body_limit - answer.body.size()));
          cut = answer.body.size() == k_body_limit;
          return !cut;
        });
    if (limit.end() || system_clock().monotonic() >= deadline) {
      return unreachable(fmt::format("nothing complete within {}", format_duration(timeout)));
    }
    if (!result && !cut) {
      return unreachable(describe(result.error()));
    }
    answer.reachable = true;
    return answer;
  } catch (const std::exception& error) {
    return unreachable(error.what());
  }
}

HealthAnswer probe_tcp(const std::string& host, int port, Milliseconds timeout) {
  HealthAnswer answer;
  const Milliseconds deadline = system_clock().monotonic() + timeout;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  std::string why = failure == 0 ? "" : gai_strerror(failure);
  for (const addrinfo* address = found; address != nullptr && !answer.reachable; address = address->ai_next) {
    const int error = try_connect(*address, deadline);
    answer.reachable = error == 0;
    why = std::strerror(error);
  }
  if (!answer.reachable) {
    answer.error = fmt::format("no connection to {}:{}: {}", host, port, why);
  }
  return answer;
}

} // namespace ctest_matrix
