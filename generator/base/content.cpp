#include "base/content.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>

namespace ctest_matrix {

namespace fs = std::filesystem;

std::string file_signature(const fs::path& path) {
  struct stat status {};

  if (stat(path.c_str(), &status) != 0) {
    return "";
  }
  return fmt::format("{}.{}.{}.{}.{}.{}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                     status.st_ctim.tv_sec, status.st_ctim.tv_nsec, status.st_size, status.st_ino);
}

std::string files_state(const fs::path& root, const std::vector<std::string>& patterns) {
  std::string state;
  for (const std::string& file : glob(root, patterns)) {
    state += fmt::format("{} {}\n", file, file_signature(root / file));
  }
  return state;
}

std::map<std::string_view, FileContent> files_in(std::string_view content_state) {
  std::map<std::string_view, FileContent> files;
  while (!content_state.empty()) {
    const std::string_view line = content_state.substr(0, content_state.find('\n'));
    content_state.remove_prefix(std::min(line.size() + 1, content_state.size()));
    const std::size_t last = line.rfind(' ');
    const std::size_t first = last == std::string_view::npos || last == 0 ? last : line.rfind(' ', last - 1);
    if (first != std::string_view::npos && first < last) {
      files.emplace(line.substr(0, first), FileContent{.signature = line.substr(first + 1, last - first - 1),
                                                       .fingerprint = line.substr(last + 1)});
    }
  }
  return files;
}

std::string content_state(const fs::path& root, const std::vector<std::string>& patterns,
                          std::string_view known) {
  return content_of(root, glob(root, patterns), known);
}

std::string content_of(const fs::path& root, const std::vector<std::string>& files, std::string_view known) {
  const auto before = files_in(known);
  std::string state;
  for (const std::string& file : files) {
    const std::string signature = file_signature(root / file);
    const std::string name = escape_line(file);
    const auto same = before.find(name);
    const bool is_known = same != before.end() && same->second.signature == signature;
    state.append(name).append(" ").append(signature).append(" ");
    state.append(is_known ? same->second.fingerprint : ContentReader::of_file(root / file)).append("\n");
  }
  return state;
}

std::string ContentReader::of_file(const fs::path& path) {
  if (const auto text = read_file(path)) {
    return fingerprint(*text);
  }
  const std::string signature = file_signature(path);
  return signature.empty() ? "missing" : "unreadable." + signature;
}

std::string ContentReader::of_files(const std::vector<std::string>& patterns) {
  if (const auto known = m_known.find(patterns); known != m_known.end()) {
    return known->second;
  }
  const fs::path memory = m_memory / fingerprint(join(patterns, "\n"));
  const std::string head = fingerprint(files_state(m_root, patterns)) + "\n";
  const auto remembered = read_file(memory);
  std::string content;
  if (remembered && remembered->starts_with(head)) {
    content = remembered->substr(head.size());
  } else {
    std::string contents;
    for (const std::string& file : glob(m_root, patterns)) {
      contents += fmt::format("{} {}\n", file, of_file(m_root / file));
    }
    content = fingerprint(contents);
    static_cast<void>(write_file_quickly(memory, head + content));
  }
  return m_known[patterns] = content;
}

} // namespace ctest_matrix
