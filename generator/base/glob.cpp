#include "base/glob.hpp"

#include "base/text.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <span>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

bool match_segment(const std::string& pattern, const std::string& segment) {
  return fnmatch(pattern.c_str(), segment.c_str(), 0) == 0;
}

bool match_segments(std::span<const std::string> pattern, std::span<const std::string> path) {
  if (pattern.empty()) {
    return path.empty();
  }
  if (pattern.front() == "**") {
    for (std::size_t taken = 0; taken <= path.size(); ++taken) {
      if (match_segments(pattern.subspan(1), path.subspan(taken))) {
        return true;
      }
    }
    return false;
  }
  return !path.empty() && match_segment(pattern.front(), path.front()) &&
         match_segments(pattern.subspan(1), path.subspan(1));
}

/// Walks only where a pattern can lead.
class Walk {
public:
  Walk(const fs::path& root, ReadLog& log) : m_root(root), m_log(log) {}

  void go(const fs::path& relative, std::span<const std::string> pattern) {
    if (pattern.front().find_first_of("*?[") == std::string::npos) {
      const fs::path next = relative / pattern.front();
      const FileKind kind = m_log.kind(m_root / next);
      step(pattern.size() == 1 ? next.lexically_normal() : next, kind, pattern);
      return;
    }
    const bool any_depth = pattern.front() == "**";
    if (any_depth && pattern.size() > 1) {
      go(relative, pattern.subspan(1));
    }
    for (const DirectoryEntry& entry : m_log.directory(m_root / relative)) {
      const fs::path next = relative / entry.name;
      if (any_depth) {
        any(next, entry, pattern);
      } else if (match_segment(pattern.front(), entry.name)) {
        step(next, kind(next, entry), pattern);
      }
    }
  }

  std::vector<std::string> found() && {
    std::ranges::sort(m_found);
    const auto twice = std::ranges::unique(m_found);
    m_found.erase(twice.begin(), twice.end());
    return std::move(m_found);
  }

private:
  FileKind kind(const fs::path& path, const DirectoryEntry& entry) const {
    return entry.kind == FileKind::link ? file_kind(m_root / path) : entry.kind;
  }

  /// Something that the first segment of the pattern names.
  void step(const fs::path& path, FileKind kind, std::span<const std::string> pattern) {
    if (pattern.size() == 1 && kind == FileKind::file) {
      m_found.push_back(path.generic_string());
    } else if (pattern.size() > 1 && kind == FileKind::directory) {
      go(path, pattern.subspan(1));
    }
  }

  /// Something below `**`.
  void any(const fs::path& path, const DirectoryEntry& entry, std::span<const std::string> pattern) {
    const bool enter = entry.kind == FileKind::directory && entry.name != ".git" &&
                       entry.name != "node_modules" && entry.name != k_checkout_directory;
    if (enter) {
      go(path, pattern);
    } else if (pattern.size() == 1 && kind(path, entry) == FileKind::file) {
      m_found.push_back(path.generic_string());
    }
  }

  const fs::path& m_root;
  ReadLog& m_log;
  std::vector<std::string> m_found;
};

} // namespace

std::vector<std::string> glob(const fs::path& root, const std::vector<std::string>& patterns, ReadLog& log) {
  Walk walk(root, log);
  for (const std::string& pattern : patterns) {
    if (!pattern.empty() && !pattern.starts_with('!')) {
      const auto segments = split(pattern, '/');
      walk.go("", segments);
    }
  }
  auto found = std::move(walk).found();
  for (const std::string& pattern : patterns) {
    if (pattern.starts_with('!')) {
      std::erase_if(found, [&](const std::string& path) { return glob_match(pattern.substr(1), path); });
    }
  }
  return found;
}

std::vector<std::string> glob(const fs::path& root, const std::vector<std::string>& patterns) {
  ReadLog unread;
  return glob(root, patterns, unread);
}

bool glob_match(std::string_view pattern, std::string_view path) {
  const auto pattern_segments = split(pattern, '/');
  const auto path_segments = split(path, '/');
  return match_segments(pattern_segments, path_segments);
}

} // namespace ctest_matrix
