// The lines of the progress file's log.
#pragma once

#include "progress/journal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// `- <timestamp> <label>: PASS (25 tests, 31.2s)`, `...: SKIP - <reason>` or `...: FAIL - <reason>`, without
/// newline; with ` (share 2/5)` behind it where it ran in one.
std::string log_line(const Record& record, std::string_view label);

/// What such a line says of the cell, without the rest: `PASS (25 tests, 31.2s)`.
std::string outcome_text(const Record& record);

/// `- <timestamp> actor-conn [wasm]: note: <text>` of a note, which is no result of a cell.
std::string note_line(const Record& record);

/// `- <timestamp> ALL TESTS COMPLETE`
std::string completion_line(TimePoint time);

/// What a log line of `log_line` tells about a cell.
struct LogEntry {
  TimePoint time{}; ///< whole seconds
  std::string label;
  bool passed = false;                                 ///< PASS or SKIP
  std::optional<Milliseconds> duration = std::nullopt; ///< of a PASS
  std::string outcome{};                               ///< what stands behind the label, without the share
  std::string share{};                                 ///< empty: it tells of none
};

/// Reads a line of `log_line`, also with remarks behind it; nothing for anything else that people write.
std::optional<LogEntry> parse_log_line(std::string_view line);

} // namespace ctest_matrix
