// The state of a progress file as version 0.1 kept it: a line of JSON, and behind it what was applied, a line
// each, with tabs between its fields.
#pragma once

#include "progress/store_state.hpp"

namespace ctest_matrix {

constexpr int k_state_format_0_1 = 2;

/// Nothing for what version 0.1 does not write. A change that was under way is taken for one that did not
/// take place: where it did, the log lines of the progress file tell.
std::optional<StoreState> parse_state_0_1(std::string_view text);

} // namespace ctest_matrix
