// What the `Config:` line of a progress file says: `registry (static), encoding (bare), runtimes (native,
// wasm)`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The names in its part `runtimes (native, wasm)`, empty without such a part.
std::vector<std::string> config_runtimes(std::string_view config);

/// True when two of them mean the same, their runtimes apart (those only select).
bool same_config(std::string_view a, std::string_view b);

} // namespace ctest_matrix
