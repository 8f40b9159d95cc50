#include "cell/output.hpp"

#include "base/cut.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t k_beginning = 8000; // bytes

} // namespace

Result<CellOutput> CellOutput::open(const fs::path& log, std::FILE* console, OutputLimits limits) {
  std::error_code ignored;
  fs::create_directories(log.parent_path(), ignored);
  if (fs::exists(log, ignored)) {
    fs::path previous = log;
    fs::rename(log, previous.replace_extension(".previous.log"), ignored);
  }
  std::FILE* file = std::fopen(log.c_str(), "we");
  if (file == nullptr) {
    return Error{ExitCode::setup,
                 fmt::format("cannot write the log {}: {}", log.string(), std::strerror(errno))};
  }
  std::setvbuf(file, nullptr, _IONBF, 0);
  return CellOutput(log, file, console, limits);
}

void CellOutput::to_log(std::string_view text) {
  if (!text.empty() && m_log_error.empty() &&
      std::fwrite(text.data(), 1, text.size(), m_log.get()) != text.size()) {
    m_log_error = fmt::format("the log {} could not be written: {}", m_path.string(), std::strerror(errno));
  }
}

std::string_view CellOutput::head_of(std::string_view chunk, std::uint64_t seen, std::uint64_t limit) const {
  if (seen < m_total) {
    return {};
  }
  const std::uint64_t left = limit - std::min(limit, m_total);
  if (chunk.size() <= left) {
    return chunk;
  }
  // What a limit falls into is let through to its end, as its begin may have been long ago.
  const std::string before = m_tail.substr(m_tail.size() - std::min<std::size_t>(m_tail.size(), 4)) +
                             std::string(chunk.substr(0, left));
  return chunk.substr(0, left + rest_of_sequence(before, chunk.substr(left)));
}

void CellOutput::write(std::string_view chunk) {
  const std::string_view logged = head_of(chunk, m_logged, m_limits.log);
  to_log(logged);
  m_logged += logged.size();
  if (const std::string_view shown = head_of(chunk, m_shown, m_limits.console_head); !shown.empty()) {
    m_shown += shown.size();
    const std::string safe = m_defuser.defuse(shown);
    std::fwrite(safe.data(), 1, safe.size(), m_console);
    std::fflush(m_console);
  }
  m_total += chunk.size();
  m_beginning.append(chunk.substr(0, k_beginning - std::min(k_beginning, m_beginning.size())));
  m_tail.append(chunk);
  if (m_tail.size() > 2 * m_limits.tail) {
    m_tail.erase(0, m_tail.size() - last_bytes(m_tail, m_limits.tail).size());
  }
}

void CellOutput::finish() {
  const auto unseen = [&](std::uint64_t seen) {
    const std::uint64_t kept = std::min<std::uint64_t>({m_total - seen, m_tail.size(), m_limits.tail});
    return kept == m_total - seen ? std::string_view(m_tail).substr(m_tail.size() - kept)
                                  : last_bytes(m_tail, kept);
  };
  if (m_total > m_logged) {
    const std::string_view end = unseen(m_logged);
    if (m_total - m_logged > end.size()) {
      to_log(fmt::format("\n[... {} bytes left out: a cell's log holds {} bytes and the end ...]\n",
                         m_total - m_logged - end.size(), m_limits.log));
    }
    to_log(end);
  }
  std::string rest;
  if (m_total > m_shown) {
    const std::string_view end = unseen(m_shown);
    if (m_total - m_shown > end.size()) {
      rest += fmt::format("\n[... {} bytes left out, all of it is in {} ...]\n",
                          m_total - m_shown - end.size(), m_path.string());
    }
    rest += m_defuser.defuse(end);
  }
  std::fwrite(rest.data(), 1, rest.size(), m_console);
  const bool open_line = !m_tail.empty() && m_tail.back() != '\n';
  std::fputs(open_line ? "\n" : "", m_console);
  std::fflush(m_console);
  if (m_log_error.empty() && std::fflush(m_log.get()) != 0) {
    m_log_error = fmt::format("the log {} could not be written: {}", m_path.string(), std::strerror(errno));
  }
}

std::vector<std::string> CellOutput::last_lines(std::size_t count) const {
  return ctest_matrix::last_lines(last_bytes(m_tail, m_limits.tail), count);
}

} // namespace ctest_matrix
