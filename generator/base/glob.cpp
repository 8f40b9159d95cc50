#include "base/glob.hpp"

#include "base/text.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

bool match_segment(std::string_view pattern, std::string_view segment) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos || pattern.find_first_of("*?[\\", star + 1) != std::string_view::npos ||
      pattern.substr(0, star).find_first_of("?[\\") != std::string_view::npos) {
    return fnmatch(std::string(pattern).c_str(), std::string(segment).c_str(), 0) == 0;
  }
  return segment.size() + 1 >= pattern.size() && segment.starts_with(pattern.substr(0, star)) &&
         segment.ends_with(pattern.substr(star + 1));
}

/// Takes the first segment off a path; nothing behind the last one.
std::string_view take_segment(std::optional<std::string_view>& path) {
  const std::size_t slash = path->find('/');
  const std::string_view segment = path->substr(0, slash);
  path = slash == std::string_view::npos ? std::nullopt : std::optional(path->substr(slash + 1));
  return segment;
}

/// Nothing is a path without segments.
bool match_segments(std::optional<std::string_view> pattern, std::optional<std::string_view> path) {
  if (!pattern) {
    return !path;
  }
  const std::string_view first = take_segment(pattern);
  if (first == "**") {
    if (!pattern) {
      return true;
    }
    while (!match_segments(pattern, path)) {
      if (!path) {
        return false;
      }
      take_segment(path);
    }
    return true;
  }
  return path && match_segment(first, take_segment(path)) && match_segments(pattern, path);
}

/// Walks only where a pattern can lead.
class Walk {
public:
  Walk(const fs::path& root, ReadLog& log, Links links) : m_root(root), m_log(log), m_links(links) {}

  /// `relative` is empty or ends in a slash.
  void go(const std::string& relative, std::span<const std::string> pattern) {
    if (is_literal(pattern.front())) {
      const fs::path next = relative + pattern.front();
      const FileKind kind = m_log.kind(m_root / next);
      step(pattern.size() == 1 ? next.lexically_normal().string() : next.string(), kind, pattern);
      return;
    }
    const std::vector<DirectoryEntry> entries = m_log.directory(m_root / relative);
    if (pattern.front() != "**") {
      named(relative, entries, pattern);
      return;
    }
    if (const auto rest = pattern.subspan(1); !rest.empty()) {
      if (is_literal(rest.front()) || rest.front() == "**") {
        go(relative, rest);
      } else {
        named(relative, entries, rest);
      }
    }
    for (const DirectoryEntry& entry : entries) {
      any(relative + entry.name, entry, pattern);
    }
  }

  std::vector<std::string> found() && {
    sort_unique(m_found);
    return std::move(m_found);
  }

private:
  static bool is_literal(const std::string& segment) {
    return segment.find_first_of("*?[") == std::string::npos;
  }

  /// What the first segment of the pattern names among the entries of a directory.
  void named(const std::string& relative, const std::vector<DirectoryEntry>& entries,
             std::span<const std::string> pattern) {
    for (const DirectoryEntry& entry : entries) {
      if (match_segment(pattern.front(), entry.name)) {
        std::string next = relative + entry.name;
        const FileKind kind = this->kind(next, entry);
        step(std::move(next), kind, pattern);
      }
    }
  }

  FileKind kind(const std::string& path, const DirectoryEntry& entry) const {
    return entry.kind == FileKind::link ? file_kind(m_root / path) : entry.kind;
  }

  /// Something that the first segment of the pattern names.
  void step(std::string path, FileKind kind, std::span<const std::string> pattern) {
    if (pattern.size() == 1 && kind == FileKind::file) {
      m_found.push_back(std::move(path));
    } else if (pattern.size() > 1 && kind == FileKind::directory) {
      go(path + '/', pattern.subspan(1));
    }
  }

  /// Something below `**`.
  void any(std::string path, const DirectoryEntry& entry, std::span<const std::string> pattern) {
    const bool may_enter =
        entry.name != ".git" && entry.name != "node_modules" && entry.name != k_checkout_directory;
    if (may_enter && entry.kind == FileKind::directory) {
      go(path + '/', pattern);
    } else if (may_enter && entry.kind == FileKind::link && kind(path, entry) == FileKind::directory) {
      follow(path, pattern);
    } else if (pattern.size() == 1 && kind(path, entry) == FileKind::file) {
      m_found.push_back(std::move(path));
    }
  }

  /// A link to a directory, unless it leads back to where it lies, or to where another one has led on the
  /// way.
  void follow(const std::string& path, std::span<const std::string> pattern) {
    std::error_code error;
    const fs::path target = fs::canonical(m_root / path, error);
    const std::string parent = fs::canonical((m_root / path).parent_path(), error).string() + '/';
    const auto holds = [&](const std::string& place) { return place.starts_with(target.string() + '/'); };
    if (m_links == Links::left_alone || error || holds(parent) || std::ranges::any_of(m_way, holds)) {
      return;
    }
    const std::size_t before = m_way.size();
    m_way.insert(m_way.end(), {parent, target.string() + '/'});
    go(path + '/', pattern);
    m_way.resize(before);
  }

  const fs::path& m_root;
  ReadLog& m_log;
  Links m_links;
  std::vector<std::string> m_way; ///< where links on the way lie, and where they lead
  std::vector<std::string> m_found;
};

} // namespace

std::vector<std::string> glob(const fs::path& root, const std::vector<std::string>& patterns, ReadLog& log,
                              Links links) {
  Walk walk(root, log, links);
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
  return match_segments(pattern, path);
}

bool covers(const std::vector<std::string>& patterns, std::string_view path) {
  bool covered = false;
  for (const std::string& pattern : patterns) {
    if (!pattern.starts_with('!')) {
      covered = covered || glob_match(pattern, path);
    } else if (glob_match(std::string_view(pattern).substr(1), path)) {
      return false;
    }
  }
  return covered;
}

} // namespace ctest_matrix
