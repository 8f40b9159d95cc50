#include "process/tag.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "process/notes.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <optional>
#include <set>
#include <string>

namespace ctest_matrix {

namespace {

constexpr pid_t k_pid_limit = 1 << 22; // PID_MAX_LIMIT of the kernel

/// As /proc shows it to everybody, also of another user's process.
std::optional<Tag> listed_tag(pid_t pid) {
  constexpr std::string_view k_line = "Max file locks";
  const auto limits = read_file(fmt::format("/proc/{}/limits", pid));
  for (const std::string& line : split_lines(limits ? *limits : "")) {
    if (line.starts_with(k_line)) {
      const std::string_view value = trim(std::string_view(line).substr(k_line.size()));
      Tag tag = 0;
      const auto end = std::from_chars(value.data(), value.data() + value.size(), tag);
      return end.ec == std::errc() ? std::optional(tag) : std::nullopt;
    }
  }
  return std::nullopt;
}

/// The number of the process that was started last (proc(5), /proc/loadavg); 0 where the system does not
/// tell.
pid_t youngest_pid() {
  const auto load = read_file("/proc/loadavg");
  const std::string text = load ? std::string(trim(*load)) : "";
  const std::size_t space = text.rfind(' ');
  pid_t pid = 0;
  if (space != std::string::npos) {
    std::from_chars(text.data() + space + 1, text.data() + text.size(), pid);
  }
  return pid;
}

/// The number that a process which is started now gets; 0 where none can be started.
pid_t next_pid() {
  const pid_t pid = fork();
  if (pid == 0) {
    _exit(0);
  }
  while (pid > 0 && waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return std::max<pid_t>(0, pid);
}

/// Kills each bearer at the moment when it is seen: whatever goes from one process to the next moves up
/// through the numbers, and more slowly than this does.
void chase(Tag tag) {
  constexpr pid_t k_reach = 4096;
  const pid_t youngest = youngest_pid();
  for (pid_t pid = std::max(2, youngest - k_reach); youngest > 0 && pid < youngest + k_reach; ++pid) {
    if (pid != getpid() && bears_tag(pid, tag)) {
      kill(pid, SIGKILL);
    }
  }
}

} // namespace

bool bears_tag(pid_t pid, Tag tag) {
  rlimit limit{};
  if (prlimit(pid, RLIMIT_LOCKS, nullptr, &limit) == 0) {
    return limit.rlim_cur == tag;
  }
  return errno == EPERM && listed_tag(pid) == tag;
}

Tag tag_of(std::string_view marker) {
  constexpr Tag k_least = Tag{1} << 61U; // no limit that anybody would set
  const std::string hash = fingerprint(marker);
  Tag tag = 0;
  std::from_chars(hash.data(), hash.data() + hash.size(), tag, 16);
  return marker.empty() ? 0 : k_least | (tag >> 3U);
}

void bear_tag(Tag tag) {
  rlimit limit{};
  if (tag != 0 && getrlimit(RLIMIT_LOCKS, &limit) == 0) {
    limit.rlim_cur = tag;
    setrlimit(RLIMIT_LOCKS, &limit);
  }
}

std::vector<ProcessEntry> processes_with_tag(Tag tag, pid_t since) {
  std::vector<ProcessEntry> found;
  if (tag == 0) {
    return found;
  }
  const pid_t self = getpid();
  if (has_process_table()) {
    return living_processes([&](pid_t pid) { return pid != self && bears_tag(pid, tag); });
  }
  const auto look = [&](pid_t first, pid_t last) {
    for (pid_t pid = first; pid <= last; ++pid) {
      if (pid != self && bears_tag(pid, tag)) {
        found.push_back({.pid = pid});
      }
    }
  };
  const pid_t last = since > 0 ? next_pid() : 0;
  if (last >= since && last > 0) {
    look(since, last);
  } else {
    look(2, last > 0 ? last : since - 1);
    look(std::max<pid_t>(2, since), k_pid_limit);
  }
  return found;
}

std::vector<ProcessEntry> processes_of_run(std::string_view marker, pid_t since) {
  const Tag tag = tag_of(marker);
  if (tag == 0 || bears_tag(getpid(), tag) || own_environment_has(marker)) {
    return {};
  }
  if (!has_process_table()) {
    return processes_with_tag(tag, since);
  }
  std::vector<ProcessEntry> all = all_processes();
  const std::vector<ProcessIdentity> noted = noted_processes(marker);
  const auto is_noted = [&](const ProcessEntry& entry) {
    return std::ranges::find(noted, ProcessIdentity{entry.pid, entry.start_time}) != noted.end();
  };
  std::set<pid_t> members;
  for (const ProcessEntry& entry : all) {
    if (entry.alive() && entry.pid != getpid() &&
        (bears_tag(entry.pid, tag) || started_with(entry.pid, marker) || is_noted(entry))) {
      members.insert(entry.pid);
    }
  }
  for (std::size_t before = 0; before != members.size();) {
    before = members.size();
    for (const ProcessEntry& entry : all) {
      if (members.contains(entry.parent)) {
        members.insert(entry.pid);
      }
    }
  }
  if (members.contains(getpid())) {
    return {};
  }
  std::erase_if(all,
                [&](const ProcessEntry& entry) { return !entry.alive() || !members.contains(entry.pid); });
  return all;
}

void kill_run(std::string_view marker, const std::vector<ProcessEntry>& processes) {
  std::set<pid_t> members;
  for (const ProcessEntry& entry : processes) {
    members.insert(entry.pid);
  }
  for (const ProcessEntry& entry : processes) {
    kill(entry.group > 1 && members.contains(entry.group) ? -entry.group : entry.pid, SIGKILL);
  }
  if (!processes.empty()) {
    chase(tag_of(marker));
  }
}

} // namespace ctest_matrix
