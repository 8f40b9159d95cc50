// When what ran, and on what: cells and set-ups in lanes, from the journal. Pure.
#pragma once

#include "progress/boxes.hpp"

#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

struct TimelineBar {
  enum class Kind { cell, artifact, service };

  Kind kind = Kind::cell;
  std::string name;
  TimePoint begin{};
  TimePoint end{};
  Verdict verdict = Verdict::pass; ///< of a cell; of a set-up PASS or SETUP
  std::string problem;             ///< why a set-up failed; empty: it did not, or it is a cell

  bool operator==(const TimelineBar&) const = default;
};

/// Bars that follow each other.
struct TimelineLane {
  std::string name; ///< `artifacts`, `service starts`, the service instances of its cells, or `cells`
  std::vector<TimelineBar> bars;

  bool operator==(const TimelineLane&) const = default;
};

/// What ran without a long pause.
struct TimelineStretch {
  TimePoint begin{};
  TimePoint end{};
  std::vector<TimelineLane> lanes;

  bool operator==(const TimelineStretch&) const = default;
};

/// A longer pause begins another stretch.
inline constexpr Milliseconds k_timeline_pause = std::chrono::minutes(10);

/// The stretches, the oldest first. A cell whose result has no duration (CTest did not run it) has no bar.
std::vector<TimelineStretch> make_timeline(std::span<const Record> records, const Plan& plan);

} // namespace ctest_matrix
