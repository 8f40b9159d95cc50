#include "runners/report_times.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <string>

namespace ctest_matrix {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_decimal(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A text that is read from its begin.
class StampReader {
public:
  explicit StampReader(std::string_view text) : m_text(text) {}

  bool at_end() const { return m_text.empty(); }

  std::string_view rest() const { return m_text; }

  bool literal(std::string_view any) {
    const bool there = !m_text.empty() && any.find(m_text.front()) != std::string_view::npos;
    m_text.remove_prefix(there ? 1 : 0);
    return there;
  }

  void blanks() {
    while (literal(" \t,")) {
    }
  }

  std::size_t digits_ahead() const {
    return static_cast<std::size_t>(std::ranges::find_if_not(m_text, is_decimal) - m_text.begin());
  }

  std::string_view word() {
    const auto end = std::ranges::find_if_not(m_text, is_letter);
    const std::string_view word = m_text.substr(0, static_cast<std::size_t>(end - m_text.begin()));
    m_text.remove_prefix(word.size());
    return word;
  }

  /// A number of exactly this many digits.
  std::optional<int> number(std::size_t digits) {
    int value = 0;
    if (digits == 0 || digits_ahead() < digits) {
      return std::nullopt;
    }
    std::from_chars(m_text.data(), m_text.data() + digits, value);
    m_text.remove_prefix(digits);
    return value;
  }

  void skip_digits() { m_text.remove_prefix(digits_ahead()); }

private:
  std::string_view m_text;
};

/// The index of a word in a list of abbreviations of three letters; whole words begin with them.
std::optional<int> index_of(std::string_view word, std::string_view abbreviations) {
  std::string begin(word.substr(0, 3));
  std::ranges::transform(begin, begin.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t at = begin.size() == 3 ? abbreviations.find(begin) : std::string_view::npos;
  return at == std::string_view::npos || at % 3 != 0 ? std::nullopt : std::optional(static_cast<int>(at / 3));
}

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
};

std::optional<TimePoint> moment_of(const Date& date) {
  const std::chrono::year_month_day day{std::chrono::year(date.year),
                                        std::chrono::month(static_cast<unsigned>(date.month)),
                                        std::chrono::day(static_cast<unsigned>(date.day))};
  return day.ok() ? std::optional<TimePoint>(std::chrono::sys_days(day)) : std::nullopt;
}

/// `2026-01-31`, `2026/01/31`, `20260131`.
std::optional<Date> numeric_date(StampReader& text) {
  if (text.digits_ahead() != 4 && text.digits_ahead() != 8 && text.digits_ahead() != 14) {
    return std::nullopt;
  }
  const auto year = text.number(4);
  text.literal("-/");
  const auto month = text.number(2);
  text.literal("-/");
  const auto day = text.number(2);
  return year && month && day ? std::optional(Date{*year, *month, *day}) : std::nullopt;
}

/// What is behind a date: a time of day, the latest that it may stand for. `09:05:07.5`, `0905`, `09`.
std::optional<Milliseconds> time_of_day(StampReader& text) {
  const bool has_two = text.digits_ahead() == 1; // `9:05`
  const auto hour = text.number(has_two ? 1 : 2);
  if (!hour || *hour > 24) {
    return std::nullopt;
  }
  const auto next = [&] {
    return text.literal(":") || text.digits_ahead() >= 2 ? text.number(2) : std::nullopt;
  };
  Milliseconds time = hours(*hour);
  const auto minute = next();
  if (!minute) {
    return time + hours(1) - Milliseconds(1);
  }
  const auto second = next();
  time += minutes(*minute);
  if (*minute > 59 || second.value_or(0) > 60) {
    return std::nullopt;
  }
  if (!second) {
    return time + minutes(1) - Milliseconds(1);
  }
  time += seconds(*second);
  if (text.literal(".,")) {
    int scale = 100;
    for (; text.digits_ahead() > 0 && scale > 0; scale /= 10) {
      time += Milliseconds(scale * *text.number(1));
    }
    text.skip_digits();
  }
  return time;
}

struct Zone {
  std::string_view name;
  int hours;
};

constexpr Zone k_zones[] = {{"Z", 0},    {"UTC", 0},  {"GMT", 0},  {"UT", 0},   {"EST", -5}, {"EDT", -4},
                            {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
                            {"WET", 0},  {"CET", 1},  {"CEST", 2}, {"EET", 2},  {"EEST", 3}, {"MSK", 3}};
constexpr minutes k_furthest_west = hours(-12);

/// How far a zone is from UTC; of one that is not there or not known, the furthest west. Nothing where it is
/// no zone at all.
std::optional<minutes> offset_of(StampReader& text) {
  text.blanks();
  std::string name(text.word());
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
  if (name == "AM" || name == "PM") {
    return std::nullopt;
  }
  const bool is_west = text.rest().starts_with('-');
  if (!text.literal("+-")) {
    const auto* const zone = std::ranges::find(k_zones, name, &Zone::name);
    return zone == std::end(k_zones) ? k_furthest_west : minutes(hours(zone->hours));
  }
  const auto hour = text.number(std::min<std::size_t>(text.digits_ahead(), 2));
  text.literal(":");
  const auto minute = text.digits_ahead() == 0 ? std::optional(0) : text.number(2);
  if (!hour || !minute || *hour > 24 || *minute > 59) {
    return std::nullopt;
  }
  const minutes offset(*hour * 60 + *minute);
  return is_west ? -offset : offset;
}

/// `2026-01-31T09:05:07.123+01:00` and its shorter forms.
std::optional<TimePoint> iso_moment(StampReader text) {
  const auto date = numeric_date(text);
  const auto day = date ? moment_of(*date) : std::nullopt;
  if (!day) {
    return std::nullopt;
  }
  text.literal("Tt_");
  text.blanks();
  const bool is_day = text.digits_ahead() == 0;
  const auto time = is_day ? std::optional(Milliseconds(hours(24)) - Milliseconds(1)) : time_of_day(text);
  const auto offset = time ? offset_of(text) : std::nullopt;
  return offset && text.at_end() ? std::optional(*day + *time - *offset) : std::nullopt;
}

/// `Sat, 31 Jan 2026 09:05:07 +0100`, `Sat Jan 31 09:05:07 UTC 2026`, `31 January 2026 09:05`.
std::optional<TimePoint> worded_moment(StampReader text) {
  constexpr std::string_view k_days = "montuewedthufrisatsun";
  constexpr std::string_view k_months = "janfebmaraprmayjunjulaugsepoctnovdec";
  Date date;
  std::optional<Milliseconds> time;
  std::optional<minutes> offset;
  for (text.blanks(); !text.at_end(); text.blanks()) {
    const std::string_view rest = text.rest();
    const std::size_t digits = text.digits_ahead();
    const bool is_word = is_letter(rest.front());
    if (digits == 4 && date.year == 0) {
      date.year = *text.number(4);
    } else if ((digits == 1 || digits == 2) && rest.substr(digits).starts_with(':') && !time) {
      time = time_of_day(text);
      if (!time) {
        return std::nullopt;
      }
    } else if ((digits == 1 || digits == 2) && date.day == 0) {
      date.day = *text.number(digits);
      text.literal(".-");
    } else if (const auto month = is_word ? index_of(rest, k_months) : std::nullopt;
               month && date.month == 0) {
      date.month = *month + 1;
      static_cast<void>(text.word());
      text.literal("-.");
    } else if (is_word && !time && index_of(rest, k_days)) {
      static_cast<void>(text.word());
    } else if (time && !offset && (offset = offset_of(text))) {
      continue;
    } else {
      return std::nullopt;
    }
  }
  const auto day = date.year == 0 || date.month == 0 ? std::nullopt : moment_of(date);
  const Milliseconds of_day = time.value_or(Milliseconds(hours(24)) - Milliseconds(1));
  return day ? std::optional(*day + of_day - offset.value_or(k_furthest_west)) : std::nullopt;
}

/// Seconds or milliseconds since the epoch.
std::optional<TimePoint> epoch_moment(std::string_view text) {
  constexpr std::size_t k_seconds = 10;
  constexpr std::size_t k_milliseconds = 13;
  const std::string_view whole = text.substr(0, text.find('.'));
  const std::string_view fraction = text.substr(std::min(whole.size() + 1, text.size()));
  long long number = 0;
  if ((whole.size() != k_seconds && whole.size() != k_milliseconds) ||
      !std::ranges::all_of(whole, is_decimal) || !std::ranges::all_of(fraction, is_decimal)) {
    return std::nullopt;
  }
  std::from_chars(whole.data(), whole.data() + whole.size(), number);
  return TimePoint(whole.size() == k_seconds ? Milliseconds(seconds(number)) + Milliseconds(999)
                                             : Milliseconds(number));
}

} // namespace

std::optional<TimePoint> latest_moment(std::string_view stamp) {
  std::string_view text = trim(stamp);
  if (const std::size_t place = text.rfind('['); text.ends_with(']') && place != std::string_view::npos) {
    text = trim(text.substr(0, place)); // Java's [Europe/Berlin] stands behind the offset
  }
  if (const auto moment = epoch_moment(text)) {
    return moment;
  }
  const auto moment = iso_moment(StampReader(text));
  return moment ? moment : worded_moment(StampReader(text));
}

} // namespace ctest_matrix
