// What RSpec's files say of examples that do not run although its report says nothing of it: a focus in the
// file of examples, and what `.rspec` selects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The first line (from 1) at which a file of examples asks for only some of them: `fit`, `fdescribe`,
/// `fcontext`, `:focus`, `focus: true`; 0: nowhere. Comments are none; strings are not told apart.
int rspec_focused_line(std::string_view source);

/// Whether options of RSpec (words of a command, or the text of a `.rspec`) make a dry run, which reports
/// every example as passed.
bool is_rspec_dry_run(std::string_view options);

/// The options that select examples, as they stand in the text of a `.rspec`.
std::vector<std::string> rspec_selection(std::string_view options);

} // namespace ctest_matrix
