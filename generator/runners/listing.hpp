// What a test runner lists without running it: the tests of a suite with their files and lines.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Who wrote a listing: `vitest list --json`, `pytest --collect-only -q`, GoogleTest's `--gtest_list_tests
/// --gtest_output=json`, or anything that prints one test per line.
enum class ListingFormat { vitest, pytest, gtest, lines };

struct ListedTest {
  std::string file; ///< as listed; empty where the format has none
  std::string name; ///< the titles of its report, joined by ` > `
  int line = 0;     ///< 0: not known

  bool operator==(const ListedTest&) const = default;
};

using TestListing = std::vector<ListedTest>;

/// Error (input): not a whole listing of this format.
///
/// `lines`: each line is the name of a test, or its file, a tab and its name.
Result<TestListing> parse_listing(ListingFormat format, std::string_view text);

/// The titles of a listed test, the outermost first. A title that holds ` > ` itself counts as several.
std::vector<std::string> listed_titles(const ListedTest& test);

/// Whether a listed test lies below a title, which may hold ` > ` itself; every one lies below an empty
/// title.
bool lies_below(const ListedTest& test, std::string_view title);

} // namespace ctest_matrix
