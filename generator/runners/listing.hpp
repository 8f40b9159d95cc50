// What a test runner lists without running it: the tests of a suite with their files and lines.
#pragma once

#include "base/result.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Who wrote a listing: `vitest list --json`, jest's `--json` with a pattern that no test matches, `pytest
/// --collect-only -q`, GoogleTest's `--gtest_list_tests --gtest_output=json`, or anything that prints one
/// test per line.
enum class ListingFormat { vitest, jest, pytest, gtest, lines };

/// The formats by their names in a matrix.
inline constexpr std::array<std::pair<std::string_view, ListingFormat>, 5> k_listing_formats{{
    {"vitest", ListingFormat::vitest},
    {"jest", ListingFormat::jest},
    {"pytest", ListingFormat::pytest},
    {"gtest", ListingFormat::gtest},
    {"lines", ListingFormat::lines},
}};

struct ListedTest {
  std::string file; ///< as listed; empty where the format has none
  std::string name; ///< the titles of its report, joined by ` > `
  int line = 0;     ///< 0: not known

  bool operator==(const ListedTest&) const = default;
};

using Listing = std::vector<ListedTest>;

/// Error (input): not a whole listing of this format.
///
/// `lines`: each line is the name of a test, or its file, a tab and its name.
Result<Listing> parse_listing(ListingFormat format, std::string_view text);

/// Whether the program that lists its tests is itself the suite, so that its content decides what it lists.
bool lists_itself(ListingFormat format);

/// Whether it says of each test which file it is in, also where several files are listed at once.
bool names_files(ListingFormat format);

/// What a listing depends on where the matrix does not say it, as globs in the runner's directory: the
/// directory of the test files and the runner's configuration. `file` is a test file, relative to the
/// runner's directory; none where it lies elsewhere, or the program lists itself.
std::vector<std::string> usual_inputs(ListingFormat format, const std::filesystem::path& file);

/// Whether a listed test lies below a title, which may hold ` > ` itself; every one lies below an empty
/// title.
bool lies_below(const ListedTest& test, std::string_view title);

} // namespace ctest_matrix
