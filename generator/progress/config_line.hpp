// What the `Config:` line of a progress file says: `registry (static), encoding (bare), runtimes (native,
// wasm)`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The names in its part `runtimes (native, wasm)`, empty without such a part.
std::vector<std::string> config_runtimes(std::string_view config);

/// True when the line of a file means the same as that of a plan, which ends with its columns (`configs
/// (debug, asan)`): columns and runtimes apart, for those only select.
bool same_config(std::string_view of_file, std::string_view of_plan);

} // namespace ctest_matrix
