// The launcher's last line of output: a verdict for people, and for whoever reads it back out of CTest's
// results.
#pragma once

#include "base/clock.hpp"
#include "matrix/matrix.hpp"
#include "plan/verdict.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// What a skipped cell prints for `SKIP_REGULAR_EXPRESSION`.
inline constexpr std::string_view k_skip_marker = "[ctest-matrix-skip]";

struct VerdictLine {
  Verdict verdict = Verdict::fail;
  std::string cell;
  std::optional<Counts> counts; ///< none where the runner has no report: nothing was counted
  Milliseconds duration{0};
  bool flaky = false;
  int leaked = 0;            ///< processes that the cell left behind
  std::string record;        ///< id of its record in the journal; empty when none could be written
  std::string identity = {}; ///< `cell_identity` of what ran; empty in lines of version 0.1
  std::string basis = {};    ///< `basis_digest` of what it rested on; empty: not known
  std::string axes = {};     ///< `axes_mark` of what ran, in lines of version 0.1
  std::string share = {};    ///< in which it ran, by `share_name`; empty: in none
  std::string split = {};    ///< which cells are in which share: 16 digits
  std::string run = {};      ///< of shares; empty: nobody said

  bool operator==(const VerdictLine&) const = default;
};

/// A short name for the values of all axes, whatever their order.
std::string axes_mark(Assignment axes);

/// One line with its newline, in ASCII but for the cell's name:
/// `[ctest-matrix] PASS actor-conn.native: 25 passed, 0 failed, 3 skipped, 31210 ms, flaky, leaked 2, cell
/// 1a2b3c4d5e6f7a8b, basis 1a2b3c4d, share 2/5, split 1a2b3c4d5e6f7a8b, run 4711 (record 01-ab)`. `flaky`,
/// `leaked`, what identifies it, its share and the record appear only when there is something to say. It has
/// to begin a line.
std::string format_verdict_line(const VerdictLine& line);

/// The verdict in a test's output: the last line that begins with `[ctest-matrix] ` counts, and it must be
/// whole and name this very cell; nothing otherwise.
std::optional<VerdictLine> find_verdict_line(std::string_view output, std::string_view cell);

/// Breaks `[ctest-matrix` in a runner's output, so that nothing that it prints reads as a verdict line or a
/// skip marker: a `_` comes before the last character (`[ctest-matri_x`). Works on a stream in chunks of any
/// size, without holding anything back. Characters that readers drop (`is_dropped`) do not hide the text.
class Defuser {
public:
  /// The chunk as it may be passed on.
  std::string defuse(std::string_view chunk);

private:
  std::size_t m_matched = 0;
  bool m_after_lead = false; ///< the last byte may be the first one of a control character of two
};

} // namespace ctest_matrix
