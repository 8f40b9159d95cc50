// What processes talk through: pipes, sockets, and signals as something to poll.
#pragma once

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Two ends of a channel: of a pipe, `first` is read and `second` is written.
struct DescriptorPair {
  Descriptor first;
  Descriptor second;
};

/// A pipe, closed on exec, both ends never 0, 1 or 2. Error (setup): no descriptors left.
Result<DescriptorPair> make_pipe();

/// Two connected stream sockets, closed on exec, never 0, 1 or 2. Error (setup): no descriptors left.
Result<DescriptorPair> make_socket_pair();

void set_nonblocking(int fd);

/// What somebody waits for in a loop that waits for more.
struct Awaited {
  Milliseconds until{0}; ///< of the monotonic clock: at the latest
  int descriptor = -1;   ///< and when this one is ready for `events` of poll(2); -1: nothing
  short events = 0;
};

/// A timeout for poll(2) that lasts until `deadline` of the monotonic clock, never less than 0.
int poll_timeout(Milliseconds deadline);

/// While it lives, the signals neither end nor interrupt the process but wait here, in order of arrival. The
/// destructor restores what was. Only one at a time in a process.
class SignalPipe {
public:
  explicit SignalPipe(const std::vector<int>& signals);
  SignalPipe(const SignalPipe&) = delete;
  SignalPipe& operator=(const SignalPipe&) = delete;
  ~SignalPipe();

  /// Readable when a signal waits; -1 when the system had no descriptors left.
  int descriptor() const { return m_pipe.first.get(); }

  /// The next signal that came, nothing when none is left.
  std::optional<int> take();

private:
  struct Previous {
    int signal;
    struct sigaction action;
  };

  DescriptorPair m_pipe;
  std::vector<Previous> m_previous;
  sigset_t m_mask{};
};

} // namespace ctest_matrix
