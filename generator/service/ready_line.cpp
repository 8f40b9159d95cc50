#include "service/ready_line.hpp"

#include "base/text.hpp"

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_line = 64 << 10; // bytes of a line that is looked at

} // namespace

void ReadyLine::add(std::string_view chunk) {
  if (m_seen) {
    return;
  }
  m_line += chunk;
  const std::size_t last = m_line.rfind('\n');
  m_seen = strip_ansi(m_line).find(m_text) != std::string::npos;
  if (last != std::string::npos) {
    m_line.erase(0, last + 1);
  }
  if (m_line.size() > k_longest_line) {
    m_line.erase(0, m_line.size() - m_text.size());
  }
}

} // namespace ctest_matrix
