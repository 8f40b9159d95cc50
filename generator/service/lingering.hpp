// For how long nobody has needed a service. Pure.
#pragma once

#include "base/clock.hpp"

namespace ctest_matrix {

/// Times are those of the monotonic clock. Needed for the last time at its beginning.
class Lingering {
public:
  /// Somebody needs it now.
  void needed(Milliseconds now) { m_last_needed = now; }

  /// Whether nobody has needed it for `linger`.
  bool over(Milliseconds now, Milliseconds linger) const { return now - m_last_needed >= linger; }

private:
  Milliseconds m_last_needed{0};
};

} // namespace ctest_matrix
