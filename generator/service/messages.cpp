#include "service/messages.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "process/table.hpp"
#include "service/health.hpp"
#include "service/supervisor.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Whether a supervisor has started the process, or what it descends from.
bool is_of_a_supervisor(pid_t pid) {
  const auto environment = read_file(fmt::format("/proc/{}/environ", pid));
  const std::string entry = service_marker("");
  return environment && ('\0' + *environment).find('\0' + entry) != std::string::npos;
}

} // namespace

std::string end_of_log(const std::string& path) {
  constexpr std::uint64_t k_looked_at = 8192; // bytes
  constexpr std::size_t k_shown = 15;         // lines
  const auto text = read_end_of_file(path, k_looked_at);
  if (!text || text->empty()) {
    return "";
  }
  std::string end = fmt::format("\n  end of its log {}:", path);
  for (const std::string& line : last_lines(*text, k_shown)) {
    end += "\n    " + ellipsis(line, 400);
  }
  return end;
}

std::vector<std::string> owners_of(const std::vector<Listener>& listeners) {
  std::vector<std::string> owners;
  for (const Listener& listener : listeners) {
    const std::string user =
        listener.user == geteuid() ? "" : fmt::format(" of the user {}", user_name(listener.user));
    const std::vector<pid_t> holders = holders_of(listener);
    if (holders.empty()) {
      owners.push_back(fmt::format("a process{}", user.empty() ? " that cannot be seen" : user));
    }
    for (const pid_t pid : holders) {
      owners.push_back(fmt::format("process {}{}: {}", pid, user, command_line(pid)));
    }
  }
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  return owners;
}

std::string holders_at(HealthKind kind, const std::string& target) {
  const auto endpoint = health_endpoint(kind, target);
  std::string text;
  for (const std::string& owner : owners_of(listeners_at(kind, target))) {
    text += fmt::format("\n  port {} is held by {}", endpoint->port, owner);
  }
  return text;
}

std::string held_by(const std::vector<ProcessIdentity>& holders) {
  std::vector<std::string> phrases;
  for (const ProcessIdentity& holder : holders) {
    phrases.push_back(fmt::format("{} ({})", holder.pid, ellipsis(command_line(holder.pid), 80)));
  }
  return phrases.empty() ? "nobody" : join(phrases, ", ");
}

std::string stranger_warning(const fs::path& root, const std::vector<Listener>& listeners) {
  const auto other = std::find_if(listeners.begin(), listeners.end(),
                                  [](const Listener& listener) { return listener.user != geteuid(); });
  if (other != listeners.end()) {
    return fmt::format("it belongs to another user: {}", join(owners_of({*other}), ", "));
  }
  for (const Listener& listener : listeners) {
    for (const pid_t pid : holders_of(listener)) {
      if (is_of_a_supervisor(pid)) {
        return fmt::format(
            "it is owned by another ctest-matrix, of another version or checkout: process {}: {}", pid,
            command_line(pid));
      }
    }
  }
  const auto below_root = [&](const std::optional<fs::path>& path) {
    return path && path->lexically_relative(root).native().substr(0, 2) != ".." && path->is_absolute();
  };
  std::string warning;
  for (const Listener& listener : listeners) {
    for (const pid_t pid : holders_of(listener)) {
      const auto directory = working_directory(pid);
      if (!directory || below_root(directory) || below_root(executable(pid))) {
        return "";
      }
      warning = fmt::format("it does not run from this checkout: process {}: {}, in {}", pid,
                            command_line(pid), directory->string());
    }
  }
  return warning;
}

} // namespace ctest_matrix
