// The time of day and a clock that never steps back, behind an interface that tests can replace.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// Milliseconds since the Unix epoch.
using TimePoint = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

class Clock {
public:
  virtual ~Clock() = default;
  /// The time of day: for timestamps only, it can step backwards.
  virtual TimePoint now() const = 0;
  /// Time since some fixed moment: for durations and deadlines.
  virtual Milliseconds monotonic() const = 0;
};

/// The clock of the machine.
const Clock& system_clock();

/// ISO 8601 with seconds and the offset of the local time zone: 2026-01-31T09:05:07+01:00.
std::string format_timestamp(TimePoint time);

/// Reads what `format_timestamp` writes (also `Z`, also fractions of a second); nothing for anything else.
std::optional<TimePoint> parse_timestamp(std::string_view text);

/// A duration for people: 840ms, 31.2s, 4m 05s, 1h 02m.
std::string format_duration(Milliseconds duration);

/// Reads what `format_duration` writes, as exactly as it tells; nothing for anything else.
std::optional<Milliseconds> parse_duration(std::string_view text);

} // namespace ctest_matrix
