#include "process/parent.hpp"

#include "base/result.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace ctest_matrix {

namespace {

pid_t noted_parent = 0; // NOLINT: read by a signal handler

extern "C" void end_when_alone(int) {
  if (parent_is_gone()) {
    _exit(static_cast<int>(ExitCode::interrupted));
  }
}

} // namespace

void note_parent() {
  noted_parent = getppid();
}

bool parent_is_gone() {
  return noted_parent != 0 && getppid() != noted_parent;
}

int parent_signal() {
  return SIGCONT;
}

void watch_parent() {
  if (noted_parent == 0) {
    note_parent();
  }
  prctl(PR_SET_PDEATHSIG, parent_signal());
}

void end_with_parent() {
  struct sigaction action {};

  action.sa_handler = end_when_alone;
  action.sa_flags = SA_RESTART;
  sigaction(parent_signal(), &action, nullptr);
  sigset_t signal;
  sigemptyset(&signal);
  sigaddset(&signal, parent_signal());
  sigprocmask(SIG_UNBLOCK, &signal, nullptr);
  watch_parent();
  end_when_alone(0); // it may have ended just before
}

} // namespace ctest_matrix
