#include "base/clock.hpp"

#include "base/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>

namespace ctest_matrix {

namespace {

class SystemClock final : public Clock {
public:
  TimePoint now() const override {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  }

  Milliseconds monotonic() const override {
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

} // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string format_timestamp(TimePoint time) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm local{};
  localtime_r(&seconds, &local);
  const long offset = local.tm_gmtoff / 60;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}{}{:02}:{:02}", local, offset < 0 ? '-' : '+',
                     std::abs(offset) / 60, std::abs(offset) % 60);
}

std::optional<TimePoint> parse_timestamp(std::string_view text) {
  const auto literal = [&](char c) {
    const bool there = text.starts_with(c);
    text.remove_prefix(there ? 1 : 0);
    return there;
  };
  const auto number = [&](std::size_t digits) -> std::optional<int> {
    int value = 0;
    if (text.size() < digits) {
      return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
    if (error != std::errc() || end != text.data() + digits || text.front() == '-') {
      return std::nullopt;
    }
    text.remove_prefix(digits);
    return value;
  };
  int fields[6] = {};
  constexpr std::string_view k_separators = "--T::";
  for (std::size_t i = 0; i < std::size(fields); ++i) {
    const auto value = i > 0 && !literal(k_separators[i - 1]) ? std::nullopt : number(i == 0 ? 4 : 2);
    if (!value) {
      return std::nullopt;
    }
    fields[i] = *value;
  }
  const std::chrono::year_month_day date{std::chrono::year(fields[0]),
                                         std::chrono::month(static_cast<unsigned>(fields[1])),
                                         std::chrono::day(static_cast<unsigned>(fields[2]))};
  if (!date.ok() || fields[3] > 23 || fields[4] > 59 || fields[5] > 60) {
    return std::nullopt;
  }
  TimePoint time = std::chrono::sys_days(date) + std::chrono::hours(fields[3]) +
                   std::chrono::minutes(fields[4]) + std::chrono::seconds(fields[5]);
  if (literal('.')) {
    int scale = 100;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      time += Milliseconds(scale * (text.front() - '0'));
      scale /= 10;
    }
  }
  if (literal('Z')) {
    return text.empty() ? std::optional(time) : std::nullopt;
  }
  const bool west = text.starts_with('-');
  if (!literal('-') && !literal('+')) {
    return std::nullopt;
  }
  const auto hours = number(2);
  literal(':');
  const auto minutes = number(2);
  if (!hours || !minutes || !text.empty()) {
    return std::nullopt;
  }
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return west ? time + offset : time - offset;
}

std::string format_duration(Milliseconds duration) {
  const long long ms = std::max<long long>(duration.count(), 0);
  if (ms < 1000) {
    return fmt::format("{}ms", ms);
  }
  if (ms < 59'950) {
    return fmt::format("{}.{}s", (ms + 50) / 1000, (ms + 50) % 1000 / 100);
  }
  const long long seconds = (ms + 500) / 1000;
  if (seconds < 3600) {
    return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
  }
  return fmt::format("{}h {:02}m", seconds / 3600, seconds % 3600 / 60);
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
  constexpr std::pair<std::string_view, double> k_units[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  double total = 0;
  for (const std::string& part : split(text, ' ')) {
    double number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(part.data() + part.size() - end));
    const auto known = std::find_if(std::begin(k_units), std::end(k_units),
                                    [&](const auto& each) { return each.first == unit; });
    if (error != std::errc() || !(number >= 0 && number < 1e6) || known == std::end(k_units)) {
      return std::nullopt;
    }
    total += number * known->second;
  }
  constexpr double k_most = 1e15;
  if (total > k_most) {
    return std::nullopt;
  }
  return Milliseconds(std::llround(total));
}

} // namespace ctest_matrix
