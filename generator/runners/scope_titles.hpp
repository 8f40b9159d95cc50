// The titles of a test, and whether it lies below one of them.
#pragma once

#include "runners/runner_report.hpp"

#include <string>
#include <string_view>

namespace ctest_matrix {

/// Whether a title above the test's own is `scope`. Where the report joins the titles, only the first ones
/// can be told: the joined text has to begin with `scope`.
bool lies_below(const TestCase& test, std::string_view scope);

/// Whether the text `scope` stands among the joined titles, but not first: as far as can be told, the test
/// lies below it.
bool may_lie_below(const TestCase& test, std::string_view scope);

/// The titles below the scope, joined by ` > `; all of them where the test does not lie below it.
std::string title_below(const TestCase& test, std::string_view scope);

} // namespace ctest_matrix
