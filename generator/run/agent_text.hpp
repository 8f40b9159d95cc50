// What a program that reads text is told of a run: bounded, without colours, and the same text for the same
// results. Pure.
#pragma once

#include "base/result.hpp"
#include "cell/failure_report.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The most failures that are told in full.
inline constexpr std::size_t k_most_failure_blocks = 10;

/// A block for one failed cell, with a newline behind each line: `FAIL beta.native`, then the first failing
/// tests with place and message, parity, the line that runs the first one alone, the log.
std::string agent_failure(const FailedCell& cell);

/// Text of ctest or of a set-up, cut, without times.
std::string agent_lines(std::string_view text);

/// Whether a run has run any cell.
enum class Ran { nothing, something };

/// `passed`, `failed`, `set-up failed`, `nothing ran`, …: how a run ended.
std::string_view end_word(ExitCode code, Ran ran);

/// The last line, with its newline: `result: failed (exit 4): 1 failed, 2 passed`.
std::string agent_result(ExitCode code, Ran ran, const std::vector<std::string>& facts);

/// Up to `most` names: `a, b and 3 more`.
std::string some_names(std::span<const std::string> names, std::size_t most);

} // namespace ctest_matrix
