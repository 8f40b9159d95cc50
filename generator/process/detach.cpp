#include "process/detach.hpp"

#include "base/clock.hpp"
#include "process/parent.hpp"
#include "process/turn.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace ctest_matrix {

namespace {

/// Closes every descriptor above the standard streams but these.
void close_others(const std::vector<int>& kept) {
  std::vector<int> fds;
  if (DIR* directory = opendir("/proc/self/fd")) {
    while (const dirent* entry = readdir(directory)) {
      fds.push_back(static_cast<int>(std::strtol(entry->d_name, nullptr, 10)));
    }
    closedir(directory);
  }
  for (const int fd : fds) {
    if (fd > STDERR_FILENO && std::find(kept.begin(), kept.end(), fd) == kept.end()) {
      close(fd);
    }
  }
}

void silence_streams() {
  const int null = open("/dev/null", O_RDWR);
  if (null < 0) {
    _exit(1);
  }
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    dup2(null, stream);
  }
  if (null > STDERR_FILENO) {
    close(null);
  }
}

void handle_all(void (*handler)(int)) {
  struct sigaction action {};

  action.sa_handler = handler;
  for (int signal = 1; signal < NSIG; ++signal) {
    sigaction(signal, &action, nullptr);
  }
}

/// Turns the forked process into the detached one. `parent` is just ending, and ends before the work begins:
/// who watches the end of the parent must not take that one for it.
void detach(pid_t parent, const std::vector<int>& kept) {
  setsid();
  handle_all(SIG_IGN); // forgets those that wait
  handle_all(SIG_DFL);
  silence_streams();
  close_others(kept);
  forget_turns();
  while (getppid() == parent) {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  note_parent();
}

} // namespace

void reset_signals() {
  handle_all(SIG_DFL);
  unblock_signals();
}

void unblock_signals() {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

Result<void> start_detached(std::string_view what, const std::vector<int>& kept,
                            const std::function<void()>& work) {
  sigset_t all;
  sigset_t mask;
  sigfillset(&all);
  // A signal must not reach the caller's handlers in the forked processes.
  pthread_sigmask(SIG_SETMASK, &all, &mask);
  const pid_t between = fork();
  if (between == 0) {
    const pid_t middle = getpid();
    const pid_t detached = fork();
    if (detached != 0) {
      _exit(detached < 0 ? errno : 0);
    }
    detach(middle, kept);
    work();
    _exit(0);
  }
  const int fork_error = errno;
  int status = 0;
  while (between > 0 && waitpid(between, &status, 0) < 0 && errno == EINTR) {
  }
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  const int error = between < 0 ? fork_error : WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
  if (error != 0) {
    return Error{ExitCode::setup, fmt::format("cannot start {}: {}", what, std::strerror(error))};
  }
  return {};
}

} // namespace ctest_matrix
