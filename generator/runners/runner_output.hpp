// What can be learned from what a runner prints for people. None of it decides a verdict.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The version that a runner states in the first 8,000 bytes of its output (vitest, pytest); empty when it
/// does not.
std::string stated_version(std::string_view output);

/// The test that the last of these lines with `scope` in it names, without the scope; empty when none does,
/// or the scope is empty.
std::string last_test_named(const std::vector<std::string>& lines, std::string_view scope);

} // namespace ctest_matrix
