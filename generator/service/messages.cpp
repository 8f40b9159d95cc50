#include "service/messages.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "process/table.hpp"
#include "service/health.hpp"

#include <fmt/format.h>

#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

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

std::string process_phrase(pid_t pid) {
  return fmt::format("process {}: {}", pid, command_line(pid));
}

std::string holders_of(HealthKind kind, const std::string& target) {
  std::string text;
  for (const pid_t pid : listeners_at(kind, target)) {
    text +=
        fmt::format("\n  port {} is held by {}", health_port(kind, target).value_or(0), process_phrase(pid));
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

std::string stranger_warning(const fs::path& root, const std::vector<pid_t>& listeners) {
  const auto below_root = [&](const std::optional<fs::path>& path) {
    return path && path->lexically_relative(root).native().substr(0, 2) != ".." && path->is_absolute();
  };
  std::string warning;
  for (const pid_t pid : listeners) {
    const auto directory = working_directory(pid);
    if (!directory || below_root(directory) || below_root(executable(pid))) {
      return "";
    }
    warning = fmt::format("it does not run from this checkout: {}, in {}", process_phrase(pid),
                          directory->string());
  }
  return warning;
}

} // namespace ctest_matrix
