// What a test file of Python itself says of tests that pytest does not run and does not report: those that
// its configuration does not take for tests, and those whose name is taken by a later one.
#pragma once

#include "runners/runner_report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// A function that pytest takes for a test by its defaults: `test*` of the module, of a class `Test*` or of a
/// unittest.TestCase. Fixtures are none, and neither is what stands below an `if` or in a function.
struct PytestFunction {
  std::string class_name; ///< empty: of the module; of nested ones with dots
  std::string name;
  int line = 0;

  bool operator==(const PytestFunction&) const = default;
};

/// In the order of the file. Comments and strings are no code.
std::vector<PytestFunction> pytest_functions(std::string_view source);

/// A remark for what of the file is in no test of the report, and one for names that are there twice, so that
/// only the last one runs. For reports of runs in which the command selects nothing.
std::vector<std::string> left_out_by_pytest(std::string_view source, const RunnerReport& report);

} // namespace ctest_matrix
