#include "process/process_testing.hpp"

#include "base/files.hpp"
#include "process/table.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_patience{60'000};

} // namespace

void ProcessTest::SetUp() {
  std::string pattern = (fs::temp_directory_path() / "process_test.XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  m_directory = pattern;
  m_mark = "CTEST_MATRIX_TEST=" + m_directory.filename().string();
}

void ProcessTest::TearDown() {
  for (const pid_t pid : m_started) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  const bool ended = becomes_true([this] {
    const std::vector<pid_t> left = marked();
    for (const pid_t pid : left) {
      kill(pid, SIGKILL);
    }
    return left.empty();
  });
  EXPECT_TRUE(ended);
  if (!HasFailure()) {
    fs::remove_all(m_directory);
  }
}

std::vector<std::string> ProcessTest::environment() const {
  std::vector<std::string> entries{m_mark};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    entries.emplace_back(*entry);
  }
  return entries;
}

ProcessSpec ProcessTest::child(const std::vector<std::string>& words) {
  ProcessSpec spec;
  spec.argv = words;
  spec.argv.insert(spec.argv.begin(), child_program());
  spec.directory = m_directory;
  spec.environment = environment();
  spec.marker = "CTEST_MATRIX_RUN=" + m_directory.filename().string();
  spec.grace = Milliseconds(20'000);
  spec.settle = Milliseconds(100);
  spec.on_output = [this](std::string_view text) { m_output += text; };
  return spec;
}

pid_t ProcessTest::start(const std::vector<std::string>& argv) {
  const std::vector<std::string> entries = environment();
  const auto pointers = [](const std::vector<std::string>& strings) {
    std::vector<char*> all;
    for (const std::string& text : strings) {
      all.push_back(const_cast<char*>(text.c_str()));
    }
    all.push_back(nullptr);
    return all;
  };
  const std::string log_file = m_directory / "log";
  const pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGHUP, SIG_DFL);
    const int file = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    execve(argv.front().c_str(), pointers(argv).data(), pointers(entries).data());
    _exit(127);
  }
  m_started.push_back(pid);
  return pid;
}

int ProcessTest::wait_for(pid_t pid) {
  int status = -1;
  EXPECT_TRUE(becomes_true([&] { return waitpid(pid, &status, WNOHANG) == pid; }));
  std::erase(m_started, pid);
  return status;
}

pid_t ProcessTest::launch(int deadline, int grace, const std::vector<std::string>& words) {
  std::vector<std::string> argv{CTEST_MATRIX_LAUNCHER, "CTEST_MATRIX_RUN=" + m_directory.filename().string(),
                                std::to_string(deadline), std::to_string(grace), child_program()};
  argv.insert(argv.end(), words.begin(), words.end());
  return start(argv);
}

std::string ProcessTest::log() const {
  const auto content = read_file(m_directory / "log");
  return content ? *content : content.error().message;
}

std::vector<pid_t> ProcessTest::marked() const {
  return processes_with_environment(m_mark);
}

bool ProcessTest::all_gone() const {
  return becomes_true([this] { return marked().empty(); });
}

bool ProcessTest::becomes_true(const std::function<bool()>& condition) {
  const Milliseconds deadline = system_clock().monotonic() + k_patience;
  while (!condition()) {
    if (system_clock().monotonic() >= deadline) {
      return false;
    }
    poll(nullptr, 0, 10);
  }
  return true;
}

std::string ProcessTest::child_program() {
  return CTEST_MATRIX_CHILD;
}

} // namespace ctest_matrix
