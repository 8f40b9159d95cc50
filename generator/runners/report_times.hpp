// Moments as the writers of reports spell them.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string_view>

namespace ctest_matrix {

/// The moment that a time stamp tells, at the latest: where it has no zone the one furthest west is taken,
/// where it has no seconds the end of its minute. ISO 8601 (extended and basic), RFC 2822, what `date` and C
/// print, and seconds or milliseconds since the epoch. Nothing for anything else.
std::optional<TimePoint> latest_moment(std::string_view stamp);

} // namespace ctest_matrix
