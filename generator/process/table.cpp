#include "process/table.hpp"

#include "base/text.hpp"
#include "process/pipes.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_command_limit = 400;

/// The content of a file of /proc, read in as few calls as it takes; nothing when it cannot be read.
std::optional<std::string> read_proc(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return std::nullopt;
  }
  std::string content;
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return count < 0 ? std::nullopt : std::optional(std::move(content));
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// The names in a directory; empty when it cannot be read.
std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  if (DIR* open = opendir(directory.c_str())) {
    while (const dirent* entry = readdir(open)) {
      names.emplace_back(entry->d_name);
    }
    closedir(open);
  }
  return names;
}

std::vector<pid_t> all_pids() {
  std::vector<pid_t> pids;
  for (const std::string& name : names_in("/proc")) {
    if (const auto pid = parse_number<pid_t>(name)) {
      pids.push_back(*pid);
    }
  }
  return pids;
}

/// Reads /proc/PID/stat: `pid (name) state parent group session ...`, the start time is field 22. The name
/// may hold anything, brackets and spaces too.
std::optional<ProcessEntry> read_entry(pid_t pid) {
  const auto content = read_proc(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = content ? content->rfind(')') : std::string::npos;
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  const std::vector<std::string> fields = split(trim(std::string_view(*content).substr(name_end + 1)), ' ');
  constexpr std::size_t k_start_time = 22 - 3;
  if (fields.size() <= k_start_time || fields[0].size() != 1) {
    return std::nullopt;
  }
  const auto parent = parse_number<pid_t>(fields[1]);
  const auto group = parse_number<pid_t>(fields[2]);
  const auto session = parse_number<pid_t>(fields[3]);
  const auto started = parse_number<std::uint64_t>(fields[k_start_time]);
  if (!parent || !group || !session || !started) {
    return std::nullopt;
  }
  return ProcessEntry{.pid = pid,
                      .parent = *parent,
                      .group = *group,
                      .session = *session,
                      .state = fields[0][0],
                      .start_time = *started};
}

/// True when a NUL-separated list holds exactly this entry.
bool has_entry(std::string_view list, std::string_view entry) {
  for (std::size_t at = list.find(entry); at != std::string_view::npos; at = list.find(entry, at + 1)) {
    const std::size_t end = at + entry.size();
    if ((at == 0 || list[at - 1] == '\0') && (end == list.size() || list[end] == '\0')) {
      return true;
    }
  }
  return false;
}

std::optional<std::string> link_target(const std::string& path) {
  std::array<char, 4096> target;
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  if (length < 0) {
    return std::nullopt;
  }
  return std::string(target.data(), static_cast<std::size_t>(length));
}

} // namespace

bool has_process_table() {
  return access("/proc/self/stat", F_OK) == 0;
}

std::vector<ProcessEntry> all_processes() {
  std::vector<ProcessEntry> processes;
  for (const pid_t pid : all_pids()) {
    if (const auto entry = read_entry(pid)) {
      processes.push_back(*entry);
    }
  }
  return processes;
}

std::vector<ProcessEntry> living_processes(const std::function<bool(pid_t)>& wanted) {
  std::vector<ProcessEntry> processes;
  for (const pid_t pid : all_pids()) {
    const auto entry = wanted(pid) ? read_entry(pid) : std::nullopt;
    if (entry && entry->alive()) {
      processes.push_back(*entry);
    }
  }
  return processes;
}

std::vector<ProcessEntry> descendants(pid_t ancestor) {
  const std::vector<ProcessEntry> all = all_processes();
  std::vector<ProcessEntry> found;
  std::vector<pid_t> parents{ancestor};
  for (std::size_t i = 0; i < parents.size(); ++i) {
    for (const ProcessEntry& entry : all) {
      if (entry.parent == parents[i] &&
          std::find(parents.begin(), parents.end(), entry.pid) == parents.end()) {
        parents.push_back(entry.pid);
        if (entry.alive()) {
          found.push_back(entry);
        }
      }
    }
  }
  return found;
}

namespace {

void add_children_of_thread(pid_t process, std::string_view thread, std::vector<pid_t>& children) {
  const auto content = read_proc(fmt::format("/proc/{}/task/{}/children", process, thread));
  for (const std::string& field : split(content.value_or(""), ' ')) {
    if (const pid_t pid = std::atoi(field.c_str()); pid > 1) {
      children.push_back(pid);
    }
  }
}

} // namespace

std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  add_children_of_thread(getpid(), std::to_string(getpid()), children);
  return children;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const std::string& thread : names_in(fmt::format("/proc/{}/task", parent))) {
    if (thread.front() != '.') {
      add_children_of_thread(parent, thread, children);
    }
  }
  return children;
}

std::vector<ProcessEntry> processes_of_session(pid_t session) {
  std::vector<ProcessEntry> all = all_processes();
  std::erase_if(all, [&](const ProcessEntry& entry) { return entry.session != session || !entry.alive(); });
  return all;
}

std::vector<pid_t> processes_with_environment(std::string_view marker) {
  std::vector<pid_t> found;
  if (marker.empty()) {
    return found;
  }
  const uid_t user = getuid();
  for (const pid_t pid : all_pids()) {
    const std::string directory = fmt::format("/proc/{}", pid);

    struct stat status {};

    if (pid == getpid() || stat(directory.c_str(), &status) != 0 || status.st_uid != user) {
      continue;
    }
    if (started_with(pid, marker)) {
      found.push_back(pid);
    }
  }
  return found;
}

bool started_with(pid_t pid, std::string_view marker) {
  return has_entry(read_proc(fmt::format("/proc/{}/environ", pid)).value_or(""), marker);
}

bool own_environment_has(std::string_view marker) {
  return has_entry(read_proc("/proc/self/environ").value_or(""), marker);
}

std::string command_line(pid_t pid) {
  std::string line = read_proc(fmt::format("/proc/{}/cmdline", pid)).value_or("");
  std::replace(line.begin(), line.end(), '\0', ' ');
  line = trim(line);
  if (line.empty()) {
    if (const auto name = read_proc(fmt::format("/proc/{}/comm", pid))) {
      line = fmt::format("[{}]", trim(*name));
    }
  }
  std::replace(line.begin(), line.end(), '\n', ' ');
  return ellipsis(printable(line), k_command_limit - std::strlen("…"));
}

std::vector<std::string> arguments_of(pid_t pid) {
  std::string list = read_proc(fmt::format("/proc/{}/cmdline", pid)).value_or("");
  if (list.empty()) {
    return {};
  }
  if (list.back() == '\0') {
    list.pop_back();
  }
  return split(list, '\0');
}

std::optional<pid_t> parent_of(pid_t pid) {
  const auto entry = read_entry(pid);
  return entry ? std::optional(entry->parent) : std::nullopt;
}

std::optional<std::uint64_t> start_time(pid_t pid) {
  const auto entry = read_entry(pid);
  return entry && entry->alive() ? std::optional(entry->start_time) : std::nullopt;
}

Milliseconds longest_running(std::string_view name) {
  const double up = std::strtod(read_proc("/proc/uptime").value_or("").c_str(), nullptr); // seconds
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));                         // in a second
  double longest = 0;
  for (const ProcessEntry& entry : all_processes()) {
    if (read_proc(fmt::format("/proc/{}/comm", entry.pid)).value_or("").starts_with(name)) {
      longest = std::max(longest, up - static_cast<double>(entry.start_time) / ticks);
    }
  }
  return Milliseconds(static_cast<long long>(longest * 1000));
}

bool is_stopped(pid_t pid) {
  const auto entry = read_entry(pid);
  return entry && (entry->state == 'T' || entry->state == 't');
}

bool is_being_killed(pid_t pid) {
  const std::string status = read_proc(fmt::format("/proc/{}/status", pid)).value_or("");
  constexpr std::string_view k_pending = "\nSigPnd:\t"; // a KILL is pending for each thread of the process
  const std::size_t found = status.find(k_pending);
  const std::uint64_t pending =
      found == std::string::npos ? 0 : std::strtoull(status.c_str() + found + k_pending.size(), nullptr, 16);
  return (pending >> (SIGKILL - 1) & 1U) != 0;
}

std::optional<std::filesystem::path> executable(pid_t pid) {
  const auto target = link_target(fmt::format("/proc/{}/exe", pid));
  return target ? std::optional(std::filesystem::path(*target)) : std::nullopt;
}

std::optional<std::filesystem::path> working_directory(pid_t pid) {
  const auto target = link_target(fmt::format("/proc/{}/cwd", pid));
  return target ? std::optional(std::filesystem::path(*target)) : std::nullopt;
}

void send_signal(const std::vector<ProcessEntry>& processes, int signal) {
  std::set<pid_t> groups;
  for (const ProcessEntry& entry : processes) {
    // Group 0 (of another PID namespace) and 1 would reach more than these processes.
    if (entry.group > 1 && entry.group != getpgrp()) {
      groups.insert(entry.group);
    } else if (entry.pid > 1) {
      kill(entry.pid, signal);
    }
  }
  for (const pid_t group : groups) {
    kill(-group, signal);
  }
}

} // namespace ctest_matrix
