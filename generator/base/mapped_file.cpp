#include "base/mapped_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace ctest_matrix {

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);

  struct stat status {};

  void* data = MAP_FAILED; // NOLINT(performance-no-int-to-ptr)
  const bool known = descriptor >= 0 && fstat(descriptor, &status) == 0;
  const bool regular = known && S_ISREG(status.st_mode);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (regular && size > 0) {
    data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  }
  const int error = errno;
  if (descriptor >= 0) {
    close(descriptor);
  }
  if (regular && size == 0) {
    return MappedFile(nullptr, 0);
  }
  if (data == MAP_FAILED) { // NOLINT(performance-no-int-to-ptr)
    return Error{ExitCode::input,
                 fmt::format("cannot read {}: {}", path.string(),
                             known && !regular ? "not a regular file" : std::strerror(error))};
  }
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(m_data, other.m_data);
  std::swap(m_size, other.m_size);
  return *this;
}

MappedFile::~MappedFile() {
  if (m_data != nullptr) {
    munmap(const_cast<char*>(m_data), m_size); // NOLINT(cppcoreguidelines-pro-type-const-cast)
  }
}

} // namespace ctest_matrix
