#include "ledger/seen_before.hpp"

#include "base/text.hpp"
#include "ledger/normalise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

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

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view k_spaces = " \n";
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(k_spaces, begin), text.size());
    if (end > begin) {
      words.push_back(text.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  return words;
}

} // namespace

void SeenBefore::add(const Ledger& ledger, const std::string& file) {
  for (const LedgerEntry& entry : ledger.entries) {
    const std::string& text = entry.kind == EntryKind::test ? entry.message : entry.text;
    if (!text.empty() && entry.kind != EntryKind::infrastructure) {
      const std::string& day = entry.events.empty() ? entry.since : entry.events.back().date;
      m_places.push_back({{day, file, entry.line}, normalise_line(text), true});
      m_of_ledger[m_places.back().text].push_back(m_places.size() - 1);
    }
  }
}

void SeenBefore::add(const FrictionLog& log, const std::string& file) {
  for (const FrictionEntry& entry : log.entries) {
    std::string text;
    for (const std::string& line : split_lines(entry.raw)) {
      text += normalise_line(line) + "\n";
    }
    const std::size_t number = m_places.size();
    for (const std::string_view word : words_of(text)) {
      Numbers& places = m_by_word[std::string(word)];
      if (places.empty() || places.back() != number) {
        places.push_back(number);
      }
    }
    m_of_log.push_back(number);
    m_places.push_back({{entry.date, file, entry.line}, std::move(text), false});
  }
}

const SeenBefore::Numbers& SeenBefore::in_log(std::string_view text) const {
  const auto [known, is_new] = m_found.try_emplace(std::string(text));
  if (!is_new) {
    return known->second;
  }
  const Numbers* candidates = &m_of_log;
  std::vector<std::string_view> words = words_of(text);
  for (std::size_t i = 1; i + 1 < words.size(); ++i) { // the outer ones may be parts of longer words there
    const auto with_word = m_by_word.find(std::string(words[i]));
    if (with_word == m_by_word.end()) {
      return known->second;
    }
    candidates = with_word->second.size() < candidates->size() ? &with_word->second : candidates;
  }
  std::ranges::copy_if(*candidates, std::back_inserter(known->second), [&](std::size_t number) {
    return m_places[number].text.find(text) != std::string::npos;
  });
  return known->second;
}

std::vector<SeenAt> SeenBefore::find(std::string_view message, int except) const {
  const std::string_view first = message.substr(0, std::min(message.find(" | "), message.find("… #")));
  std::vector<SeenAt> places;
  if (substance(first) < k_least_substance) {
    return places;
  }
  std::set<std::size_t> numbers;
  for (const std::string_view text : {message, first}) {
    if (const auto same = m_of_ledger.find(std::string(text)); same != m_of_ledger.end()) {
      numbers.insert(same->second.begin(), same->second.end());
    }
  }
  std::erase_if(numbers, [&](std::size_t number) { return m_places[number].at.line == except; });
  const Numbers& of_log = in_log(without_class(first));
  numbers.insert(of_log.begin(), of_log.end());
  std::ranges::transform(numbers, std::back_inserter(places),
                         [&](std::size_t number) { return m_places[number].at; });
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
