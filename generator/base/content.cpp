#include "base/content.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

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

std::string ContentReader::of_file(const fs::path& path) {
  const auto text = read_file(path);
  return text ? fingerprint(*text) : "missing";
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
    static_cast<void>(write_file_atomic(memory, head + content));
  }
  return m_known[patterns] = content;
}

} // namespace ctest_matrix
