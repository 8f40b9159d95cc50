// What a test of Go printed, as `go test -v` shows it and gotestsum puts it into its report: `=== RUN`, the
// lines of t.Log, t.Error and t.Skip with their place, a panic with its stack, `--- FAIL`.
#pragma once

#include "runners/runner_report.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

/// The output as a message: its first line says best what went wrong. What t.Error and t.Log print looks the
/// same, so that it is the last of them; of testify the error itself, without its heading; else the panic.
/// What the test said before follows. `Failed` where it said nothing, as a test does whose subtests failed.
std::string go_test_message(std::string_view output);

/// The file and line of that, behind the import path of the package: `example.org/shop/http/a_test.go`, or
/// the absolute path that the stack of a panic has. Nothing where the output has none.
void place_go_failure(std::string_view output, std::string_view package, TestCase& test);

} // namespace ctest_matrix
