// Where an issue is on the web that an entry of the ledger names. Pure.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// The address of an issue: itself where it is one, else that which the matrix has for all of them
/// (`issues: https://example.org/issues/{issue}`), with the issue without its `#` in the place of `{issue}`.
/// Empty where there is none, and of a text that is no single name or number.
std::string issue_link(std::string_view issues, std::string_view issue);

} // namespace ctest_matrix
