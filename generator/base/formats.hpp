// The version of this program, the versions of the formats that it keeps on disk, and what is said of a file
// that a later program has written.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

// Each stands as "version" at the beginning of its file, of a journal at the beginning of its lines. A
// program reads what an earlier one has written, and refuses what a later one has.
constexpr int k_matrix_format = 1;
constexpr int k_journal_format = 1;
constexpr int k_state_format = 3; ///< of a progress file: `progress-<profile>.state`
/// `cells-<hash>.jsonl`; made anew by each load, it is read by its own program only.
constexpr int k_plan_format = 8;
/// Raised together with that of the state, which is asked before a cell runs.
constexpr int k_passes_format = 1;
constexpr int k_service_format = 1; ///< none in version 0.1
constexpr int k_report_format = 1;  ///< `report --json`
constexpr int k_event_format = 1;   ///< `run --output json`

/// Such as 0.1.0.
std::string_view program_version();

/// What `--version --json` prints: the program, its formats, and the machine that it is for.
std::string version_json();

/// The number behind `{"version":` at the beginning of a JSON text; nothing where there is none.
std::optional<int> format_of(std::string_view json);

/// Error (input): the text of `file` says that its format is a later one than `known`. `without` says what
/// becomes of it when the file is taken away.
Result<void> check_format(const std::filesystem::path& file, std::string_view text, int known,
                          std::string_view without);

/// The way to the later program, as a line to type: by npm, by apt, else where this one lies.
std::string upgrade_line();

} // namespace ctest_matrix
