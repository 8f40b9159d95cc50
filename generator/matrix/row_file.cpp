#include "matrix/row_file.hpp"

#include "base/glob.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_file = "{file}";
constexpr std::string_view k_wild = "*?[";
constexpr std::string_view k_any_depth = "**";

bool is_wildcard(std::string_view segment) {
  return segment == "*" || segment == k_any_depth;
}

/// The last segment of a name, behind its directories.
std::string last_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return std::string(slash == std::string_view::npos ? name : name.substr(slash + 1));
}

/// Puts directories in place of wildcards. A `**` in the middle takes what is left.
std::optional<std::vector<std::string>> filled(const std::vector<std::string>& segments,
                                               std::vector<std::string> directories) {
  const auto wildcards = static_cast<std::size_t>(std::ranges::count_if(segments, is_wildcard));
  const bool any_depth = std::ranges::find(segments, k_any_depth) != segments.end();
  if (directories.size() + (any_depth ? 1 : 0) < wildcards ||
      (!any_depth && directories.size() > wildcards)) {
    return std::nullopt;
  }
  std::size_t rest = directories.size() + (any_depth ? 1 : 0) - wildcards;
  std::vector<std::string> path;
  auto next = directories.begin();
  for (const std::string& segment : segments) {
    if (segment == "*") {
      path.push_back(*next++);
    } else if (segment == k_any_depth) {
      for (; rest > 0; --rest) {
        path.push_back(*next++);
      }
    } else {
      path.push_back(segment);
    }
  }
  return path;
}

/// What stands in `path` where `segments` has wildcards; nothing where the path is another one.
std::optional<std::vector<std::string>> taken_out(const std::vector<std::string>& segments,
                                                  const std::vector<std::string>& path) {
  const bool any_depth = std::ranges::find(segments, k_any_depth) != segments.end();
  if (path.size() + (any_depth ? 1 : 0) < segments.size() || (!any_depth && path.size() > segments.size())) {
    return std::nullopt;
  }
  std::size_t rest = path.size() + (any_depth ? 1 : 0) - segments.size();
  std::vector<std::string> directories;
  auto next = path.begin();
  for (const std::string& segment : segments) {
    if (segment == k_any_depth) {
      for (; rest > 0; --rest) {
        directories.push_back(*next++);
      }
    } else if (segment == "*") {
      directories.push_back(*next++);
    } else if (segment != *next++) {
      return std::nullopt;
    }
  }
  return directories;
}

} // namespace

std::optional<FilePattern> FilePattern::parse(std::string_view text) {
  const std::size_t at = text.find(k_file);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  FilePattern file;
  file.m_before = text.substr(0, at);
  file.m_after = text.substr(at + k_file.size());
  file.m_wild = file.m_before.find_first_of(k_wild) != std::string::npos;
  const auto segments = split(file.m_before, '/');
  const bool misplaced = std::ranges::any_of(segments, [&](const std::string& segment) {
    return !is_wildcard(segment) && segment.find_first_of(k_wild) != std::string::npos;
  });
  if (misplaced || is_wildcard(segments.back()) || std::ranges::count(segments, k_any_depth) > 1 ||
      file.m_after.find_first_of(k_wild) != std::string::npos ||
      file.m_after.find(k_file) != std::string::npos) {
    return std::nullopt;
  }
  return file;
}

std::optional<std::string> FilePattern::path_of(std::string_view row) const {
  if (!m_wild) {
    return m_before + std::string(row) + m_after;
  }
  std::vector<std::string> directories = split(std::string(row), '/');
  directories.pop_back();
  const auto path = filled(split(m_before, '/'), std::move(directories));
  return path ? std::optional(join(*path, "/") + last_of(row) + m_after) : std::nullopt;
}

std::optional<std::string> FilePattern::row_of(std::string_view path) const {
  if (!path.ends_with(m_after)) {
    return std::nullopt;
  }
  std::string name(path.substr(0, path.size() - m_after.size()));
  if (!m_wild) {
    const bool own = name.starts_with(m_before) && name.size() > m_before.size();
    return own && name.find('/', m_before.size()) != m_before.size()
               ? std::optional(name.substr(m_before.size()))
               : std::nullopt;
  }
  auto segments = split(m_before, '/');
  auto parts = split(name, '/');
  if (!parts.back().starts_with(segments.back()) || parts.back().size() == segments.back().size()) {
    return std::nullopt;
  }
  const std::string last = parts.back().substr(segments.back().size());
  segments.pop_back();
  parts.pop_back();
  auto directories = taken_out(segments, parts);
  if (!directories) {
    return std::nullopt;
  }
  directories->push_back(last);
  return join(*directories, "/");
}

std::vector<std::string> FilePattern::globs_of(std::string_view pattern) const {
  const std::string wanted = row_pattern(pattern);
  const bool deep = wanted.find(k_any_depth) != std::string::npos;
  if (deep && (m_wild || !(m_before.empty() || m_before.ends_with('/')))) {
    return all_globs();
  }
  const auto path = path_of(wanted);
  return path ? std::vector{*path} : std::vector<std::string>();
}

std::vector<std::string> FilePattern::all_globs() const {
  if (m_wild) {
    return {m_before + "*" + m_after};
  }
  const bool whole_segment = m_before.empty() || m_before.ends_with('/');
  return {m_before + "*" + m_after, m_before + (whole_segment ? "**/*" : "*/**/*") + m_after};
}

std::string FilePattern::source() const {
  return m_before + std::string(k_file) + m_after;
}

std::optional<TestFile> TestFile::parse(std::string_view text) {
  TestFile file;
  for (const std::string& line : split_lines(text)) {
    auto pattern = FilePattern::parse(line);
    if (!pattern) {
      return std::nullopt;
    }
    file.m_patterns.push_back(*std::move(pattern));
  }
  return file.m_patterns.empty() ? std::nullopt : std::optional(std::move(file));
}

std::optional<std::string> TestFile::path_of(std::string_view row) const {
  if (const auto found = m_found.find(row); found != m_found.end()) {
    return found->second;
  }
  for (const FilePattern& pattern : m_patterns) {
    if (auto path = pattern.path_of(row)) {
      return path;
    }
  }
  return std::nullopt;
}

std::vector<std::string> TestFile::paths_of(std::string_view row) const {
  std::vector<std::string> paths;
  for (const FilePattern& pattern : m_patterns) {
    if (auto path = pattern.path_of(row)) {
      paths.push_back(*std::move(path));
    }
  }
  return paths;
}

std::optional<std::string> TestFile::row_of(std::string_view path) const {
  for (const FilePattern& pattern : m_patterns) {
    if (auto row = pattern.row_of(path)) {
      return row;
    }
  }
  return std::nullopt;
}

std::vector<std::string> TestFile::find(const std::vector<std::string>& paths) {
  std::vector<std::string> twice;
  if (m_patterns.size() < 2) {
    return twice;
  }
  m_found.clear();
  for (const std::string& path : paths) {
    const auto row = row_of(path);
    if (!row) {
      continue;
    }
    const auto [known, is_new] = m_found.emplace(*row, path);
    if (!is_new && known->second != path) {
      twice.push_back(*row);
    }
  }
  return twice;
}

std::vector<std::string> TestFile::globs_of(std::string_view pattern) const {
  std::vector<std::string> globs;
  for (const FilePattern& file : m_patterns) {
    const auto own = file.globs_of(pattern);
    globs.insert(globs.end(), own.begin(), own.end());
  }
  return globs;
}

std::vector<std::string> TestFile::all_globs() const {
  std::vector<std::string> globs;
  for (const FilePattern& file : m_patterns) {
    const auto own = file.all_globs();
    globs.insert(globs.end(), own.begin(), own.end());
  }
  return globs;
}

std::string TestFile::source() const {
  std::vector<std::string> lines;
  for (const FilePattern& pattern : m_patterns) {
    lines.push_back(pattern.source());
  }
  return join(lines, "\n");
}

std::string row_pattern(std::string_view pattern) {
  const bool everything = pattern == k_any_depth || pattern.ends_with("/**");
  return std::string(pattern) + (everything ? "/*" : "");
}

bool row_matches(std::string_view pattern, std::string_view row) {
  return glob_match(row_pattern(pattern), row);
}

} // namespace ctest_matrix
