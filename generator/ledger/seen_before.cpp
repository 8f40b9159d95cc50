#include "ledger/seen_before.hpp"

#include "base/text.hpp"
#include "ledger/normalise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace ctest_matrix {

namespace {

/// The message without the class of its error, which people leave out: `Error: `, `java.io.IOException: `.
std::string_view without_class(std::string_view message) {
  const std::size_t colon = message.find(": ");
  const std::string_view name = message.substr(0, colon);
  const bool is_class = colon != std::string_view::npos && name.find(' ') == std::string_view::npos &&
                        (name.ends_with("Error") || name.ends_with("Exception"));
  const std::string_view rest = is_class ? message.substr(colon + 2) : message;
  return substance(rest) < k_least_substance ? message : rest;
}

} // namespace

void SeenBefore::add(const Ledger& ledger, const std::string& file) {
  for (const LedgerEntry& entry : ledger.entries) {
    const std::string& text = entry.kind == EntryKind::test ? entry.message : entry.text;
    if (!text.empty() && entry.kind != EntryKind::infrastructure) {
      const std::string& day = entry.events.empty() ? entry.since : entry.events.back().date;
      m_places.push_back({{day, file, entry.line}, normalise_line(text), true});
    }
  }
}

void SeenBefore::add(const FrictionLog& log, const std::string& file) {
  for (const FrictionEntry& entry : log.entries) {
    std::string text;
    for (const std::string& line : split_lines(entry.raw)) {
      text += normalise_line(line) + "\n";
    }
    m_places.push_back({{entry.date, file, entry.line}, std::move(text), false});
  }
}

std::vector<SeenAt> SeenBefore::find(std::string_view message, int except) const {
  const std::string_view first = message.substr(0, std::min(message.find(" | "), message.find("… #")));
  std::vector<SeenAt> places;
  if (substance(first) < k_least_substance) {
    return places;
  }
  const std::string_view bare = without_class(first);
  for (const Place& place : m_places) {
    const bool has_it = place.of_ledger ? place.text == message || place.text == first
                                        : place.text.find(bare) != std::string::npos;
    if (has_it && !(place.of_ledger && place.at.line == except)) {
      places.push_back(place.at);
    }
  }
  std::ranges::stable_sort(places, std::greater<>(), &SeenAt::date);
  return places;
}

std::string seen_words(const std::vector<SeenAt>& places) {
  constexpr std::size_t k_shown = 4;
  std::vector<std::string> dates;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < places.size() && i < k_shown; ++i) {
    if (!places[i].date.empty() && std::ranges::find(dates, places[i].date) == dates.end()) {
      dates.push_back(places[i].date);
    }
    files.push_back(fmt::format("{}:{}", places[i].file, places[i].line));
  }
  const std::string more =
      places.size() > k_shown ? fmt::format(" and {} more", places.size() - k_shown) : "";
  const std::string where = places.empty() ? "" : fmt::format("({}{})", join(files, ", "), more);
  return dates.empty() ? where : fmt::format("{} {}", join(dates, ", "), where);
}

} // namespace ctest_matrix
