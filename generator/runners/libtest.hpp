// What Rust's own test harness prints (`cargo test`): it writes no report that stable Rust has.
#pragma once

#include "base/result.hpp"
#include "runners/runner_report.hpp"

#include <string_view>

namespace ctest_matrix {

/// Reads the output of `cargo test`, or of one test program: `running 2 tests`, `test box::opens ... ok`, the
/// messages below `---- box::closes stdout ----`, `test result: …`. Modules are titles. The file is that of
/// cargo's `Running tests/box.rs (…)`, where its standard error is in the text, too; it is relative to the
/// package. A program that does not end with its result, and one that counts more tests than it lists, make
/// `says_success` false, with a note. Whatever else there is says nothing. Error (input): no program began.
Result<RunnerReport> parse_libtest(std::string_view text);

} // namespace ctest_matrix
