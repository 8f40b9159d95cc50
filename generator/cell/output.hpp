// Where a runner's output goes: whole to the cell's log, bounded to CTest, and never so that a line of it can
// be taken for one of ours (a verdict, a skip marker).
#pragma once

#include "base/result.hpp"
#include "plan/verdict_line.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// Limits in bytes. What is over them is counted and said, in the log as on the console.
struct OutputLimits {
  std::uint64_t log = 256ULL << 20;
  std::size_t console_head = 32 << 10;
  std::size_t tail = 32 << 10; ///< the end is always kept, in both
};

class CellOutput {
public:
  /// Begins the log; the one of the cell's previous run is kept beside it as <name>.previous.log.
  static Result<CellOutput> open(const std::filesystem::path& log, std::FILE* console, OutputLimits limits);

  void write(std::string_view chunk);

  /// Writes what was held back. To be called once, when the runner has ended.
  void finish();

  const std::filesystem::path& path() const { return m_path; }

  /// Why the log could not be written (disk full), empty when it could.
  const std::string& log_error() const { return m_log_error; }

  /// The first 8,000 bytes.
  const std::string& beginning() const { return m_beginning; }

  /// The last `count` lines that are not blank, without ANSI sequences.
  std::vector<std::string> last_lines(std::size_t count) const;

private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  CellOutput(std::filesystem::path path, std::FILE* log, std::FILE* console, OutputLimits limits)
      : m_path(std::move(path)), m_log(log), m_console(console), m_limits(limits) {}

  void to_log(std::string_view text);

  /// What of the next chunk goes to where the first bytes go, of which `seen` have.
  std::string_view head_of(std::string_view chunk, std::uint64_t seen, std::uint64_t limit) const;

  std::filesystem::path m_path;
  std::unique_ptr<std::FILE, Close> m_log;
  std::FILE* m_console;
  OutputLimits m_limits;
  Defuser m_defuser;
  std::uint64_t m_total = 0;
  std::uint64_t m_logged = 0; ///< of these, before any were left out
  std::uint64_t m_shown = 0;  ///< as above, on the console
  std::string m_beginning;
  std::string m_tail; ///< the last bytes, up to twice the limit
  std::string m_log_error;
};

} // namespace ctest_matrix
