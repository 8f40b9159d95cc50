// Who wrote a JUnit report, and what that writer means by its parts. One table; every row is a writer whose
// reports were seen, recognised by a mark of its own, never by what the matrix calls the runner.
#pragma once

#include "base/xml.hpp"

#include <string_view>

namespace ctest_matrix {

/// What the name of a `<testsuite>` is.
enum class SuiteName {
  title,         ///< a title above its tests
  file,          ///< the test file, and no title
  file_or_title, ///< the test file, where its `file` says the same, else a title
  nothing,       ///< neither
};

/// How a `<testcase>` tells its titles.
enum class CaseName {
  class_and_name, ///< the class, where it says more than the suite, then the name
  only_name,      ///< `classname` says nothing
  split,          ///< all titles in the name; the separator cannot be part of one
  joined,         ///< all titles in the name; the separator may be part of one, and a blank is in most
  jest,           ///< jest-junit: by its templates, by default everything joined by spaces, twice
  mocha,       ///< mocha-junit-reporter: the name is all of them joined, the suite the innermost `describe`
  mocha_xunit, ///< the class is all `describe`s joined by spaces
  catch2,      ///< the class is `<program>.global` or `<program>.<fixture>`
};

/// What `tests` counts. Whatever it is: more tests listed than counted is never a loss.
enum class CountMeaning {
  tests,      ///< what is listed, retries and what is counted as skipped apart
  children,   ///< direct children, a nested suite as one
  reports,    ///< more than is listed: passed subtests, an error after a pass
  assertions, ///< something else
};

/// What two test cases of one name are.
enum class SameName {
  tests,              ///< two tests
  counted_once,       ///< attempts of one, where the counts say so; the earlier ones look passed
  failed_then_passed, ///< attempts of one
};

struct Dialect {
  std::string_view name; ///< as people call the writer; empty: not recognised
  SuiteName suite = SuiteName::title;
  CaseName test = CaseName::class_and_name;
  std::string_view separator = {}; ///< of `split` and `joined`
  CountMeaning counts = CountMeaning::tests;
  SameName same_name = SameName::tests;
  bool carries_tap = false; ///< each suite has the TAP stream that it was made of
};

inline constexpr std::string_view k_vitest = "vitest";
inline constexpr std::string_view k_bun = "Bun";
inline constexpr std::string_view k_deno = "Deno";
inline constexpr std::string_view k_playwright = "Playwright";
inline constexpr std::string_view k_pytest = "pytest";
inline constexpr std::string_view k_jest = "jest";
inline constexpr std::string_view k_jest_junit = "jest-junit";
inline constexpr std::string_view k_mocha_junit = "mocha-junit-reporter";
inline constexpr std::string_view k_mocha = "mocha";
inline constexpr std::string_view k_node = "node";
inline constexpr std::string_view k_catch2 = "Catch2";
inline constexpr std::string_view k_gtest = "GoogleTest";
inline constexpr std::string_view k_gotestsum = "gotestsum";
inline constexpr std::string_view k_libtest = "libtest";
inline constexpr std::string_view k_boost = "Boost.Test";
inline constexpr std::string_view k_qttest = "QtTest";
inline constexpr std::string_view k_phpunit = "PHPUnit";
inline constexpr std::string_view k_rspec = "RSpec";
inline constexpr std::string_view k_unittest_xml = "unittest-xml-reporting";
inline constexpr std::string_view k_tap_formatter = "TAP::Formatter::JUnit";

/// The dialect of a report by its root.
const Dialect& dialect_of(const XmlElement& root);

} // namespace ctest_matrix
