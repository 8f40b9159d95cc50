// Environment variables by which a runner would select, shard or repeat tests without anybody seeing it in
// the matrix: names with the runner that reads them, never prefixes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Takes them out of an environment of `NAME=value` entries; of a variable that holds options, only the
/// options that select; names that others use, too (rake's `TEST`), where the command calls their reader.
/// Says what was taken out: `GTEST_FILTER=a.* (GoogleTest)`.
std::vector<std::string> take_out_selection(std::vector<std::string>& environment,
                                            const std::vector<std::string>& command = {});

} // namespace ctest_matrix
