// Attempts that a JUnit report lists as tests of their own.
#pragma once

#include "base/xml.hpp"
#include "runners/dialects.hpp"
#include "runners/runner_report.hpp"

namespace ctest_matrix {

/// Makes one test, with its retries, of the attempts of one; a todo test of what jest-junit writes as passed.
void join_attempts(const XmlElement& root, const Dialect& dialect, RunnerReport& report);

} // namespace ctest_matrix
