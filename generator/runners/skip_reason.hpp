// Why a test was skipped, in one line, from what its runner wrote into a report.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// The first line of the text that says more than a place (`a_test.cc:12`), shortened and printable. Empty
/// where there is none; `true`, which Node writes for a skip without a reason, is none.
std::string skip_reason(std::string_view text);

/// The same of what pytest says of a module that skips itself: `('/shop/test_a.py', 2, 'Skipped: no
/// docker')`.
std::string module_skip_reason(std::string_view text);

} // namespace ctest_matrix
