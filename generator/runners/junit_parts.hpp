// The words of JUnit reports that more than one of their readers needs.
#pragma once

#include "base/xml.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace ctest_matrix {

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Children of a test, or of a suite, that fail it. The rerun ones stand beside one of the others.
inline constexpr std::array<std::string_view, 6> k_junit_failures{"failure",    "error",  "rerunFailure",
                                                                  "rerunError", "failed", "errored"};
/// Children of a test that passed: attempts that did not.
inline constexpr std::array<std::string_view, 2> k_junit_flakes{"flakyFailure", "flakyError"};
/// Children that stand for an attempt beside the last one.
inline constexpr std::array<std::string_view, 4> k_junit_attempts{"flakyFailure", "flakyError",
                                                                  "rerunFailure", "rerunError"};
inline constexpr std::array<std::string_view, 5> k_junit_attachments{"properties", "property", "system-out",
                                                                     "system-err", "attachments"};
/// Values of `status` and `result`.
inline constexpr std::array<std::string_view, 9> k_junit_ran{"",        "run", "completed",  "passed", "pass",
                                                             "success", "ok",  "successful", "bpass"};
inline constexpr std::array<std::string_view, 7> k_junit_not_run{
    "notrun", "skipped", "suppressed", "disabled", "ignored", "pending", "untested"};
inline constexpr std::array<std::string_view, 6> k_junit_failed{"failed", "fail",    "failure",
                                                                "error",  "errored", "xpass"};
/// Failures that are expected, or that a list of known ones excuses (QtTest).
inline constexpr std::array<std::string_view, 4> k_junit_expected{"xfail", "bfail", "bxfail", "bxpass"};
/// What a test has to say besides (PHPUnit); alone it fails nothing.
inline constexpr std::string_view k_junit_warning = "warning";

/// How many children have one of these names.
template <std::size_t N>
long count_children(const XmlElement& element, const std::array<std::string_view, N>& names) {
  return std::count_if(element.children.begin(), element.children.end(),
                       [&](const XmlElement& child) { return one_of(child.name, names); });
}

} // namespace ctest_matrix
