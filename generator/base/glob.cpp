#include "base/glob.hpp"

#include "base/text.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <set>
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

/// Walks only where the pattern can lead.
void walk(const fs::path& root, const fs::path& relative, std::span<const std::string> pattern,
          std::set<std::string>& found) {
  std::error_code error;
  const bool last = pattern.size() == 1;
  if (pattern.front().find_first_of("*?[") == std::string::npos) {
    const fs::path next = relative / pattern.front();
    if (last ? fs::is_regular_file(root / next, error) : fs::is_directory(root / next, error)) {
      if (last) {
        found.insert(next.lexically_normal().generic_string());
      } else {
        walk(root, next, pattern.subspan(1), found);
      }
    }
    return;
  }
  const bool any_depth = pattern.front() == "**";
  if (any_depth && !last) {
    walk(root, relative, pattern.subspan(1), found);
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(root / relative, error)) {
    const std::string name = entry.path().filename().string();
    const fs::path next = relative / name;
    if (any_depth) {
      if (entry.is_directory(error) && !entry.is_symlink(error) && name != ".git" && name != "node_modules") {
        walk(root, next, pattern, found);
      } else if (last && entry.is_regular_file(error)) {
        found.insert(next.generic_string());
      }
    } else if (match_segment(pattern.front(), name)) {
      if (last && entry.is_regular_file(error)) {
        found.insert(next.generic_string());
      } else if (!last && entry.is_directory(error)) {
        walk(root, next, pattern.subspan(1), found);
      }
    }
  }
}

} // namespace

std::vector<std::string> glob(const fs::path& root, const std::vector<std::string>& patterns) {
  std::set<std::string> found;
  for (const std::string& pattern : patterns) {
    if (!pattern.empty() && !pattern.starts_with('!')) {
      const auto segments = split(pattern, '/');
      walk(root, "", segments, found);
    }
  }
  for (const std::string& pattern : patterns) {
    if (pattern.starts_with('!')) {
      std::erase_if(found, [&](const std::string& path) { return glob_match(pattern.substr(1), path); });
    }
  }
  return {found.begin(), found.end()};
}

bool glob_match(std::string_view pattern, std::string_view path) {
  const auto pattern_segments = split(pattern, '/');
  const auto path_segments = split(path, '/');
  return match_segments(pattern_segments, path_segments);
}

} // namespace ctest_matrix
