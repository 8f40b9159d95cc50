// What happens to a process that writes what nobody reads any more.
#pragma once

#include <csignal>

namespace ctest_matrix {

/// Ignores SIGPIPE while it lives: that nobody reads its output any more must not end a process that has an
/// end to record. Programs that it starts have the signal as it usually is (process/child.cpp,
/// process/guardian.cpp).
class IgnoredBrokenPipe {
public:
  IgnoredBrokenPipe() {
    struct sigaction ignore {};

    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &m_previous);
  }

  IgnoredBrokenPipe(const IgnoredBrokenPipe&) = delete;
  IgnoredBrokenPipe& operator=(const IgnoredBrokenPipe&) = delete;

  ~IgnoredBrokenPipe() { sigaction(SIGPIPE, &m_previous, nullptr); }

private:
  struct sigaction m_previous {};
};

} // namespace ctest_matrix
