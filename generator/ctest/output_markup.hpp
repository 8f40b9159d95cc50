// What CTest reads in the output of a test: lines that steer it, and markup for a dashboard, which it takes
// out of what it sends. It finds only one piece of markup in a line. Pure but for `attached_file`.
//
// Format: https://cmake.org/cmake/help/latest/command/ctest_test.html#additional-test-measurements
#pragma once

#include "base/clock.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// The line at which a cell's time begins: with `k_begin_pattern` CTest starts its clock anew there, so that
/// waiting for another ctest on the same checkout does not count against the cell.
std::string begin_line(std::string_view cell);

/// Matches `begin_line`, for TIMEOUT_AFTER_MATCH.
inline constexpr std::string_view k_begin_pattern = "ctest-matrix. begin ";

/// Matches `k_skip_marker`, for SKIP_REGULAR_EXPRESSION.
inline constexpr std::string_view k_skip_pattern = R"(\[ctest-matrix-skip\])";

/// Keeps CTest from cutting the end off the output of a passed test.
inline constexpr std::string_view k_full_output_line = "CTEST_FULL_OUTPUT\n";

/// A number of things.
std::string count_measurement(std::string_view name, int count);

/// A time, which the dashboard shows in seconds.
std::string time_measurement(std::string_view name, Milliseconds time);

/// A text, shortened to 250 bytes of one line.
std::string text_measurement(std::string_view name, std::string_view text);

/// A file to attach; empty where it is not there or larger than 16 MiB, since CTest packs it in memory.
std::string attached_file(std::string_view name, const std::filesystem::path& file);

/// What stands in place of CTest's word for how the test ended, shortened to 250 bytes of one line.
std::string details(std::string_view text);

} // namespace ctest_matrix
