#include "process/child.hpp"

#include "process/launch.hpp"
#include "process/pipes.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace ctest_matrix {

namespace {

/// What the new process does; it never returns. A failure is told through `failure` as errno.
[[noreturn]] void become(const std::vector<char*>& argv, const std::vector<char*>& environment, int output,
                         int failure, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) {
    _exit(127);
  }
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) {
    std::signal(signal, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execvpe(argv.front(), argv.data(), environment.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t told = write(failure, &error, sizeof error);
  _exit(127);
}

/// Hands on whole lines of a stream.
class Lines {
public:
  explicit Lines(const std::function<void(std::string_view)>& on_line) : m_on_line(on_line) {}

  void add(std::string_view chunk) {
    m_rest += chunk;
    std::size_t begin = 0;
    for (std::size_t end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n', begin)) {
      m_on_line(std::string_view(m_rest).substr(begin, end - begin));
      begin = end + 1;
    }
    m_rest.erase(0, begin);
  }

  void finish() {
    if (!m_rest.empty()) {
      m_on_line(m_rest);
      m_rest.clear();
    }
  }

private:
  const std::function<void(std::string_view)>& m_on_line;
  std::string m_rest;
};

/// A child that has become its program, and the end of the pipe that its output comes from.
struct RunningChild {
  pid_t pid;
  Descriptor output;
};

/// Error (setup): no process, or the program cannot be run.
Result<RunningChild> start_child(const ChildSpec& spec) {
  TRY_ASSIGN(DescriptorPair output, make_pipe());
  TRY_ASSIGN(DescriptorPair failure, make_pipe());
  const auto refuse = [&](int error) {
    return Error{ExitCode::setup,
                 fmt::format("cannot start {}: {}", spec.argv.front(), std::strerror(error))};
  };
  const std::vector<char*> argv = exec_pointers(spec.argv);
  const std::vector<char*> environment = exec_pointers(spec.environment);
  const pid_t self = getpid();
  const pid_t child = fork();
  if (child < 0) {
    return refuse(errno);
  }
  if (child == 0) {
    become(argv, environment, output.second.get(), failure.second.get(), self);
  }
  output.second.reset();
  failure.second.reset();
  int error = 0;
  if (read(failure.first.get(), &error, sizeof error) == static_cast<ssize_t>(sizeof error)) {
    waitpid(child, nullptr, 0);
    return refuse(error);
  }
  return RunningChild{.pid = child, .output = std::move(output.first)};
}

/// Reads the output of a child to its end, passes signals on to it and calls back in between; the signal that
/// came last, else 0.
int follow(const RunningChild& child, const ChildSpec& spec, SignalPipe& signals) {
  int interrupted_by = 0;
  Lines lines(spec.on_line);
  std::array<char, 65536> buffer{};
  Milliseconds next_tick = system_clock().monotonic() + spec.tick;
  for (bool open = true; open;) {
    std::array<pollfd, 2> ready{{{child.output.get(), POLLIN, 0}, {signals.descriptor(), POLLIN, 0}}};
    poll(ready.data(), ready.size(), poll_timeout(next_tick));
    while (const auto signal = signals.take()) {
      interrupted_by = *signal;
      kill(child.pid, *signal);
    }
    if (ready[0].revents != 0) {
      const ssize_t count = read(child.output.get(), buffer.data(), buffer.size());
      if (count > 0) {
        lines.add({buffer.data(), static_cast<std::size_t>(count)});
      }
      open = count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
    }
    if (system_clock().monotonic() >= next_tick) {
      next_tick = system_clock().monotonic() + spec.tick;
      spec.on_tick();
    }
  }
  lines.finish();
  return interrupted_by;
}

} // namespace

Result<ChildEnd> run_child(const ChildSpec& spec) {
  SignalPipe signals({SIGINT, SIGTERM, SIGHUP});
  TRY_ASSIGN(const RunningChild child, start_child(spec));
  ChildEnd end;
  end.interrupted_by = follow(child, spec, signals);
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return end;
}

} // namespace ctest_matrix
