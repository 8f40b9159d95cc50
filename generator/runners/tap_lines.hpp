// The lines of a TAP stream, one by one: test points, plans, YAML blocks.
#pragma once

#include "runners/runner_report.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

enum class TapDirective {
  none,
  skip,
  todo,
  unmatched, ///< skipped by Node, for its filter leaves it out
};

/// `ok 3 - description # SKIP reason`, `not ok 4 - description # time=12ms {`.
struct TapPoint {
  bool ok = false;
  int number = 0; ///< 0: not numbered
  std::string description{};
  TapDirective directive = TapDirective::none;
  std::string reason{};     ///< behind the directive
  Milliseconds duration{0}; ///< of `# time=`
  bool opens = false;       ///< ends with ` {`: its subtests follow, up to `}`
};

/// `1..3`, `1..0 # SKIP reason`.
struct TapPlan {
  int tests = 0;
  std::optional<std::string> skipped; ///< why nothing is planned
};

/// Nothing for another line. The line is without its indentation.
std::optional<TapPoint> parse_tap_point(std::string_view line);
std::optional<TapPlan> parse_tap_plan(std::string_view line);
bool is_tap_bail_out(std::string_view line);

/// Whether a line says nothing of tests and is TAP all the same: a blank one, a comment, the version, a
/// pragma.
bool is_tap_filler(std::string_view line);

/// The value of `key:` in a YAML block that was written one key a line; of a value over several lines the
/// first one.
std::string tap_yaml_value(const std::vector<std::string>& block, std::string_view key);

/// Gives a test what the YAML block behind it says: the time that it took and, where it failed, why and
/// where.
void apply_tap_yaml(const std::vector<std::string>& block, TestCase& test);

/// The same of the comments that directly follow a test that failed, without their `#`, where no YAML block
/// does: Perl's Test::More and bats write them.
void apply_tap_comments(const std::vector<std::string>& comments, TestCase& test);

/// Whether such a comment is bats' own, of a test that failed.
bool is_bats_failure(std::string_view comment);

/// How many tests failed, by the summary at the end: `# fail 1`, `# fail  1`. Nothing for another line.
std::optional<int> parse_tap_failures(std::string_view line);

} // namespace ctest_matrix
