#include "base/read_log.hpp"

#include "base/files.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What is noted of a thing that was found to be two things while the work went on.
constexpr std::string_view k_unsteady = "unsteady";
/// A stamp that never equals another one.
constexpr std::string_view k_fresh = "fresh";
/// The coarsest times of file systems are of two seconds.
constexpr std::chrono::seconds k_coarsest_time{2};

std::string content_of(const Result<std::string>& text) {
  return text ? fingerprint(*text) : "unreadable";
}

/// What moves when the entries of a directory change, as long as that is not just happening.
std::string stamp_of(const fs::path& directory, const Clock& clock) {
  struct stat status {};

  if (stat(directory.c_str(), &status) != 0) {
    return "none";
  }
  const TimePoint changed{Milliseconds(std::int64_t{status.st_ctim.tv_sec} * 1000)};
  if (changed + k_coarsest_time + std::chrono::seconds(1) > clock.now()) {
    return std::string(k_fresh);
  }
  return fmt::format("{}.{}.{}.{}.{}.{}.{}", status.st_dev, status.st_ino, status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                     status.st_ctim.tv_nsec);
}

std::string content_of(const std::vector<DirectoryEntry>& entries) {
  std::string text;
  for (const DirectoryEntry& entry : entries) {
    text.append(std::to_string(static_cast<int>(entry.kind))).append("/").append(entry.name).append("\n");
  }
  return fingerprint(text);
}

/// Takes the next word off a line.
std::string_view next_word(std::string_view& line) {
  const std::size_t space = line.find(' ');
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
  return word;
}

bool line_stands(std::string_view line, const Clock& clock) {
  const std::string_view what = next_word(line);
  const std::string_view stamp = what == "directory" ? next_word(line) : "";
  const std::string_view noted = next_word(line);
  const fs::path path = unescape_line(line);
  if (what == "directory") {
    return (stamp != k_fresh && stamp_of(path, clock) == stamp) || content_of(list_directory(path)) == noted;
  }
  if (what == "kind") {
    return std::to_string(static_cast<int>(file_kind(path))) == noted;
  }
  return what == "file" && content_of(read_file(path)) == noted;
}

} // namespace

Result<std::string> ReadLog::file(const fs::path& path) {
  auto text = read_file(path);
  note("file", content_of(text), path);
  return text;
}

std::vector<DirectoryEntry> ReadLog::directory(const fs::path& path) {
  const std::string stamp = stamp_of(path, m_clock); // before the entries: what comes meanwhile moves it
  auto entries = list_directory(path);
  if (entries.empty() && access(path.c_str(), F_OK) == 0 && access(path.c_str(), R_OK | X_OK) != 0) {
    m_unreadable.push_back(path);
  }
  note("directory", fmt::format("{} {}", stamp, content_of(entries)), path);
  for (const DirectoryEntry& entry : entries) {
    if (entry.kind == FileKind::link) {
      kind(path / entry.name);
    }
  }
  return entries;
}

FileKind ReadLog::kind(const fs::path& path) {
  const FileKind kind = file_kind(path);
  note("kind", std::to_string(static_cast<int>(kind)), path);
  return kind;
}

void ReadLog::note(std::string_view what, std::string noted, const fs::path& path) {
  const auto [known, is_new] = m_notes.try_emplace({std::string(what), path.string()}, noted);
  if (!is_new && known->second != noted) {
    known->second = what == "directory" ? fmt::format("{} {}", k_fresh, k_unsteady) : std::string(k_unsteady);
  }
}

std::string ReadLog::text() const {
  std::string text;
  for (const auto& [thing, noted] : m_notes) {
    text += fmt::format("{} {} {}\n", thing.first, noted, escape_line(thing.second));
  }
  return text;
}

bool ReadLog::has_read(const fs::path& path, std::string_view content) const {
  const auto noted = m_notes.find({"file", path.string()});
  return noted != m_notes.end() && noted->second == fingerprint(content);
}

bool reads_the_same(std::string_view log_text, const Clock& clock) {
  while (!log_text.empty()) {
    const std::size_t end = log_text.find('\n');
    if (end == std::string_view::npos || !line_stands(log_text.substr(0, end), clock)) {
      return false;
    }
    log_text.remove_prefix(end + 1);
  }
  return true;
}

} // namespace ctest_matrix
