// A file as text in memory, of which the kernel reads only the pages that are looked at.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace ctest_matrix {

/// For files that are replaced and never changed: one that shrinks meanwhile ends the process (SIGBUS).
class MappedFile {
public:
  /// Error (input): not there, not readable, not a regular file.
  static Result<MappedFile> open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view text() const { return {m_data, m_size}; }

private:
  MappedFile(const char* data, std::size_t size) : m_data(data), m_size(size) {}

  const char* m_data = nullptr;
  std::size_t m_size = 0;
};

} // namespace ctest_matrix
