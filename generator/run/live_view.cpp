#include "run/live_view.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_clear_line = "\r\x1b[K";

/// Without the fractions that would flicker: 12s, 4m 05s.
std::string whole_seconds(Milliseconds duration) {
  const Milliseconds whole = std::chrono::floor<std::chrono::seconds>(duration);
  return whole < Milliseconds(60'000) ? fmt::format("{}s", whole.count() / 1000) : format_duration(whole);
}

/// The verdict in front of an outcome in its colour.
std::string painted(std::string_view outcome) {
  const std::string_view verdict = outcome.substr(0, outcome.find(' '));
  const std::string_view color = verdict == "PASS" ? "32" : verdict == "SKIP" ? "36" : "31;1";
  return fmt::format("\x1b[{}m{}\x1b[0m{}", color, verdict, outcome.substr(verdict.size()));
}

} // namespace

Forecast::Forecast(std::vector<std::string> cells, const std::map<std::string, Milliseconds>& known) {
  Milliseconds sum{0};
  long long count = 0;
  for (const std::string& cell : cells) {
    if (const auto found = known.find(cell); found != known.end()) {
      sum += found->second;
      ++count;
    }
  }
  const Milliseconds mean = count == 0 ? sum : Milliseconds(sum.count() / count);
  for (std::string& cell : cells) {
    const auto found = known.find(cell);
    m_left[std::move(cell)] = found == known.end() ? mean : found->second;
  }
}

void Forecast::done(const std::string& cell) {
  m_left.erase(cell);
}

Milliseconds Forecast::left(Milliseconds running) const {
  Milliseconds sum{0};
  for (const auto& [cell, expected] : m_left) {
    sum += expected;
  }
  return std::max(sum - running, Milliseconds(0));
}

LiveView::LiveView(Screen screen, std::size_t total, Forecast forecast, Milliseconds begin)
    : m_screen(screen), m_total(total), m_forecast(std::move(forecast)), m_begin(begin) {}

std::string LiveView::counter(std::size_t number) const {
  const std::string total = std::to_string(m_total);
  return fmt::format("[{:>{}}/{}]", number, total.size(), total);
}

std::string LiveView::started(const std::string& cell, Milliseconds now) {
  m_running[cell] = now;
  return tick(now);
}

std::string LiveView::ended(const std::string& cell, std::string_view outcome, Milliseconds now) {
  m_running.erase(cell);
  m_forecast.done(cell);
  ++m_ended;
  return fmt::format("{}{} {}: {}\n{}", finish(), counter(m_ended), cell,
                     m_screen.color ? painted(outcome) : std::string(outcome), tick(now));
}

std::string LiveView::setting_up(const std::string& what, std::string_view said, Milliseconds now) {
  m_set_up = what + (said.empty() ? "" : fmt::format(": {}", said));
  return tick(now);
}

std::string LiveView::remark(std::string_view text, Milliseconds now) {
  m_set_up.clear();
  return fmt::format("{}{}\n{}", finish(), text, tick(now));
}

std::string LiveView::tick(Milliseconds now) const {
  if (!m_screen.moving) {
    return "";
  }
  std::vector<std::string> cells;
  Milliseconds running{0};
  for (const auto& [cell, since] : m_running) {
    cells.push_back(fmt::format("{} {}", cell, whole_seconds(now - since)));
    running += now - since;
  }
  const Milliseconds left = m_forecast.left(running);
  std::string line = fmt::format("{} {}; {} so far", counter(std::min(m_ended + 1, m_total)),
                                 !cells.empty()     ? join(cells, ", ")
                                 : m_set_up.empty() ? "set-up"
                                                    : m_set_up,
                                 whole_seconds(now - m_begin));
  if (left > Milliseconds(0)) {
    line += fmt::format(", about {} left", whole_seconds(left));
  }
  line = ellipsis(line, m_screen.width > 4 ? m_screen.width - 4 : 1);
  return fmt::format("{}{}", k_clear_line,
                     m_screen.utf8 ? line : replace_all(std::move(line), "\u2026", "..."));
}

std::string LiveView::finish() const {
  return m_screen.moving ? std::string(k_clear_line) : "";
}

} // namespace ctest_matrix
