// What a run shows while it goes on: a line for each cell that ended and, on a terminal, one that moves.
// Returns text, prints nothing.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Where the lines go.
struct Screen {
  bool moving = false;    ///< a terminal: a line can be written over
  std::size_t width = 80; ///< columns
  bool color = false;
  bool utf8 = true;
};

/// How long each cell of a run will take, as far as earlier runs tell.
class Forecast {
public:
  /// `cells` are all cells of the run, `known` the durations of earlier passes by cell.
  Forecast(std::vector<std::string> cells, const std::map<std::string, Milliseconds>& known);

  /// Takes a cell out: it is done.
  void done(const std::string& cell);

  /// For what is left, when the running cells have run for `running` in all. A cell that was never run counts
  /// as the mean of the known ones; nothing known gives 0.
  Milliseconds left(Milliseconds running) const;

private:
  std::map<std::string, Milliseconds> m_left;
};

class LiveView {
public:
  LiveView(Screen screen, std::size_t total, Forecast forecast, Milliseconds begin);

  /// From now on the screen is that wide.
  void resize(std::size_t width) { m_screen.width = width; }

  std::string started(const std::string& cell, Milliseconds now);

  /// `outcome` is what is said of it: PASS (25 tests, 31.2s).
  std::string ended(const std::string& cell, std::string_view outcome, Milliseconds now);

  /// What goes on while no cell runs: `demo.artifact.napi`; `said` is the last that it said.
  std::string setting_up(const std::string& what, std::string_view said, Milliseconds now);

  /// A line between the cells, such as a set-up that took place.
  std::string remark(std::string_view text, Milliseconds now);

  /// The moving line as it stands; empty where nothing moves.
  std::string tick(Milliseconds now) const;

  /// Takes the moving line away.
  std::string finish() const;

private:
  std::string counter(std::size_t number) const;

  Screen m_screen;
  std::size_t m_total;
  std::size_t m_ended = 0;
  Forecast m_forecast;
  Milliseconds m_begin;
  std::map<std::string, Milliseconds> m_running; ///< since when
  std::string m_set_up{};                        ///< what is set up, as it is said
};

} // namespace ctest_matrix
