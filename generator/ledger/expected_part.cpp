#include "ledger/expected_part.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace ctest_matrix {

namespace {

constexpr auto k_none = std::string_view::npos;

/// Where the first of these words is from a place on; the end of the line where there is none.
std::size_t first_of(std::string_view line, std::size_t from, std::initializer_list<std::string_view> words) {
  std::size_t first = line.size();
  for (const std::string_view word : words) {
    first = std::min(first, line.find(word, from));
  }
  return first;
}

/// Where what was seen begins behind what was expected.
std::size_t seen_part(std::string_view line, std::size_t from) {
  return first_of(line, from,
                  {" but ", ", got", "; got", " got ", ", actual", ", found", ", received", ", was"});
}

/// Behind the comparison of `assert 1 == 2`, of `AssertionError: 1 != 2`.
std::size_t behind_comparison(std::string_view line) {
  std::size_t best = line.size();
  for (const std::string_view sign : {" == ", " != ", " <= ", " >= ", " < ", " > ", " is ", " in "}) {
    const std::size_t at = line.find(sign);
    best = at == k_none ? best : std::min(best, at + sign.size());
  }
  return best;
}

/// `CHECK( size() == 2 )`, `REQUIRE(…)`: the source itself, as Catch2 and doctest quote it.
bool is_macro(std::string_view line) {
  const std::size_t name = line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
  return name != k_none && name >= 4 && line[name] == '(';
}

} // namespace

LinePart expected_part(std::string_view line) {
  const bool compares = line.starts_with("assert ") || line.starts_with("AssertionError: assert ") ||
                        (line.starts_with("AssertionError: ") && line.find(" != ") != k_none);
  if (compares) {
    return {behind_comparison(line), line.size()};
  }
  if (line.starts_with("right:") || is_macro(line)) {
    return {0, line.size()};
  }
  if (line.starts_with("Expected") || line.starts_with("expected")) {
    if (const std::size_t colon = line.find(':'); colon != k_none && line.find(" to ") > colon) {
      return {colon, seen_part(line, colon)};
    }
  }
  for (const std::string_view word : {"expected ", "Expected "}) {
    const std::size_t expected = line.find(word);
    if (expected == k_none) {
      continue;
    }
    const std::size_t verb = line.find(" to ", expected);
    const std::size_t begin = verb == k_none ? expected : verb;
    return {begin, seen_part(line, begin)};
  }
  for (const std::string_view word : {"want ", "want: ", "wanted "}) {
    if (const std::size_t want = line.find(word); want != k_none) {
      return {want, seen_part(line, want)};
    }
  }
  return {};
}

std::vector<bool> expected_lines(const std::vector<std::string_view>& lines) {
  std::vector<bool> expected(lines.size());
  const bool diff =
      std::ranges::any_of(lines, [](std::string_view line) { return line.starts_with("- Expected"); });
  constexpr int k_most = 4; // two expressions, and what each of them is
  int values = 0;           // how many lines of GoogleTest's values may follow
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    expected[i] = (diff && line.starts_with('-') && !line.starts_with("- Expected")) ||
                  (values > 0 && !line.starts_with("Which is:"));
    values = line == "Expected equality of these values:" ? k_most : std::max(0, values - 1);
  }
  return expected;
}

} // namespace ctest_matrix
