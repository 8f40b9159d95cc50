#include "process/pipes.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <limits>

namespace ctest_matrix {

namespace {

std::atomic<int> signal_pipe_end{-1};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void note_signal(int signal) {
  const int saved = errno;
  const char byte = static_cast<char>(signal);
  [[maybe_unused]] const ssize_t written = write(signal_pipe_end, &byte, 1);
  errno = saved;
}

/// Takes over a new descriptor, away from the standard streams.
Descriptor settle_descriptor(int fd) {
  Descriptor given(fd);
  if (fd > STDERR_FILENO) {
    return given;
  }
  return Descriptor(fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

Result<DescriptorPair> settle_pair(int made, const int* fds, std::string_view what) {
  const int error = errno;
  if (made == 0) {
    DescriptorPair pair{settle_descriptor(fds[0]), settle_descriptor(fds[1])};
    if (pair.first.get() >= 0 && pair.second.get() >= 0) {
      return pair;
    }
  }
  return Error{ExitCode::setup,
               fmt::format("cannot make a {}: {}", what, std::strerror(made == 0 ? errno : error))};
}

} // namespace

Result<DescriptorPair> make_pipe() {
  int fds[2];
  return settle_pair(pipe2(fds, O_CLOEXEC), fds, "pipe");
}

Result<DescriptorPair> make_socket_pair() {
  int fds[2];
  return settle_pair(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), fds, "socket pair");
}

void set_nonblocking(int fd) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

int poll_timeout(Milliseconds deadline) {
  const auto left = (deadline - system_clock().monotonic()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, std::numeric_limits<int>::max()));
}

SignalPipe::SignalPipe(const std::vector<int>& signals) {
  if (auto made = make_pipe(); made) {
    m_pipe = std::move(*made);
    set_nonblocking(m_pipe.first.get());
    set_nonblocking(m_pipe.second.get());
  }
  signal_pipe_end = m_pipe.second.get();
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int signal : signals) {
    Previous previous{signal, {}};

    struct sigaction action {};

    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    sigaction(signal, &action, &previous.action);
    m_previous.push_back(previous);
    sigaddset(&wanted, signal);
  }
  pthread_sigmask(SIG_UNBLOCK, &wanted, &m_mask);
}

SignalPipe::~SignalPipe() {
  pthread_sigmask(SIG_SETMASK, &m_mask, nullptr);
  for (const Previous& previous : m_previous) {
    sigaction(previous.signal, &previous.action, nullptr);
  }
  signal_pipe_end = -1;
}

std::optional<int> SignalPipe::take() {
  char byte = 0;
  if (read(m_pipe.first.get(), &byte, 1) == 1) {
    return byte;
  }
  return std::nullopt;
}

} // namespace ctest_matrix
