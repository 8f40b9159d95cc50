// The one class that owns a file descriptor.
#pragma once

#include <unistd.h>

#include <utility>

namespace ctest_matrix {

/// Owns a file descriptor and closes it; -1 is none.
class Descriptor {
public:
  Descriptor() = default;

  explicit Descriptor(int fd) : m_fd(fd) {}

  Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
  }

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() { reset(); }

  /// False when it owns none.
  explicit operator bool() const { return m_fd >= 0; }

  int get() const { return m_fd; }

  void reset() {
    if (m_fd >= 0) {
      close(std::exchange(m_fd, -1));
    }
  }

private:
  int m_fd = -1;
};

} // namespace ctest_matrix
