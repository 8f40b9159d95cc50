#include "ledger/ledger.hpp"

#include "base/text.hpp"
#include "ledger/ledger_escape.hpp"
#include "ledger/ledger_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <tuple>

namespace ctest_matrix {

namespace {

/// What a line of the file ends with before its newline.
std::string_view line_end(const Ledger& ledger) {
  return !ledger.lines.empty() && ledger.lines.front().ends_with('\r') ? "\r" : "";
}

/// The lines of an entry, as they are written anew.
std::vector<std::string> lines_of(const LedgerEntry& entry) {
  std::vector<std::string> lines{entry_name(entry)};
  const auto detail = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      lines.push_back(fmt::format("  {}: {}", key, value));
    }
  };
  std::vector<std::string> outcomes;
  std::ranges::transform(entry.outcomes, std::back_inserter(outcomes),
                         [](Verdict verdict) { return std::string(verdict_name(verdict)); });
  if (entry.flaky) {
    outcomes.emplace_back("flaky");
  }
  detail("outcome", join(outcomes, ", "));
  detail("message", entry.any_message ? std::string(k_any_message) : entry.message);
  detail("issue", entry.issue);
  detail("since", entry.commit.empty() ? entry.since : fmt::format("{}, {}", entry.since, entry.commit));
  detail("review", entry.review);
  detail("rate", entry.rate ? fmt::format("{}/{}", entry.rate->failed, entry.rate->runs) : "");
  detail("note", entry.note);
  detail("friction", entry.friction);
  return lines;
}

using OrderKey = std::tuple<std::string, std::string, std::string>;

OrderKey order_of(const LedgerEntry& entry) {
  const bool of_test = entry.kind == EntryKind::test;
  return {entry.where, of_test ? entry.text : "", of_test ? "" : entry_text(entry)};
}

std::string text_of(const std::vector<std::string>& lines, bool ends_open) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  if (ends_open && !text.empty()) {
    text.pop_back();
  }
  return text;
}

} // namespace

bool CellFailure::operator<(const CellFailure& other) const {
  return std::tie(cell, test, verdict) < std::tie(other.cell, other.test, other.verdict);
}

std::string failure_text(const CellFailure& failure) {
  return failure.verdict ? fmt::format("({})", verdict_name(*failure.verdict)) : escape_title(failure.test);
}

bool is_closed(const LedgerEntry& entry) {
  return !entry.events.empty() && entry.events.back().closed;
}

bool excuses_any_message(const LedgerEntry& entry) {
  return entry.message.empty() && (entry.kind == EntryKind::test || entry.kind == EntryKind::verdict);
}

int times_closed(const LedgerEntry& entry) {
  return static_cast<int>(std::ranges::count(entry.events, true, &EntryEvent::closed));
}

std::string entry_text(const LedgerEntry& entry) {
  switch (entry.kind) {
  case EntryKind::test:
    return escape_title(entry.text);
  case EntryKind::verdict:
    return fmt::format("({})", verdict_name(*entry.verdict));
  case EntryKind::message:
    return "(message) " + entry.text;
  case EntryKind::log:
    return "(log) " + entry.text;
  case EntryKind::infrastructure:
    break;
  }
  return "(infrastructure) " + entry.text;
}

std::string entry_name(const LedgerEntry& entry) {
  return fmt::format("{}: {}", entry.where, entry_text(entry));
}

std::optional<Ledger> parse_ledger(const std::string& file, std::string_view text, Diagnostics& diagnostics) {
  diagnostics.add_source(file, text);
  const int errors = diagnostics.errors();
  Ledger ledger = LedgerParser(file, diagnostics).parse(text);
  return diagnostics.errors() == errors ? std::optional(std::move(ledger)) : std::nullopt;
}

std::string render_ledger(const Ledger& ledger) {
  return text_of(ledger.lines, ledger.ends_open);
}

std::string with_changes(const Ledger& ledger, const std::set<int>& dropped, std::vector<LedgerEntry> added) {
  std::ranges::stable_sort(added, {}, order_of);
  const bool ordered = std::ranges::is_sorted(ledger.entries, {}, order_of);
  std::vector<std::string> lines;
  std::size_t next_line = 0; // of the file, from 0
  auto next = added.begin();
  const auto copy_to = [&](int end) {
    for (; next_line < static_cast<std::size_t>(end) && next_line < ledger.lines.size(); ++next_line) {
      lines.push_back(ledger.lines[next_line]);
    }
  };
  const auto add = [&](const LedgerEntry& entry) {
    for (const std::string& line : lines_of(entry)) {
      lines.push_back(line + std::string(line_end(ledger)));
    }
  };
  for (const LedgerEntry& entry : ledger.entries) {
    copy_to(entry.first - 1);
    while (ordered && next != added.end() && order_of(*next) < order_of(entry)) {
      add(*next++);
    }
    if (dropped.contains(entry.line)) {
      next_line = static_cast<std::size_t>(entry.last);
    }
    copy_to(entry.last);
  }
  if (ledger.entries.empty()) {
    copy_to(static_cast<int>(ledger.lines.size()));
  }
  const bool at_end = next_line >= ledger.lines.size() && next != added.end();
  std::for_each(next, added.end(), add);
  copy_to(static_cast<int>(ledger.lines.size()));
  return text_of(lines, ledger.ends_open && !at_end);
}

std::string with_details(const Ledger& ledger, std::vector<DetailEdit> edits) {
  std::ranges::stable_sort(edits, {}, &DetailEdit::line);
  std::vector<std::string> lines;
  std::size_t next_line = 0; // of the file, from 0
  auto edit = edits.begin();
  bool adds_at_end = false;
  for (const LedgerEntry& entry : ledger.entries) {
    const auto end = static_cast<std::size_t>(entry.last);
    const std::size_t first = lines.size() + static_cast<std::size_t>(entry.line) - next_line;
    for (; next_line < end; ++next_line) {
      lines.push_back(ledger.lines[next_line]);
    }
    for (; edit != edits.end() && edit->line == entry.line; ++edit) {
      std::string line = fmt::format("  {}: {}{}", edit->key, edit->value, line_end(ledger));
      const auto details = lines.begin() + static_cast<std::ptrdiff_t>(first);
      const auto old = std::find_if(details, lines.end(), [&](const std::string& detail) {
        return trim(detail).starts_with(edit->key + ":");
      });
      if (edit->place == DetailPlace::replaced && old != lines.end()) {
        *old = std::move(line);
      } else {
        lines.push_back(std::move(line));
        adds_at_end = end == ledger.lines.size();
      }
    }
  }
  lines.insert(lines.end(), ledger.lines.begin() + static_cast<std::ptrdiff_t>(next_line),
               ledger.lines.end());
  return text_of(lines, ledger.ends_open && !adds_at_end);
}

std::string with_detail(const Ledger& ledger, const LedgerEntry& entry, std::string_view key,
                        std::string_view value, DetailPlace place) {
  return with_details(ledger, {{entry.line, std::string(key), std::string(value), place}});
}

bool is_day(std::string_view text) {
  constexpr std::string_view k_form = "0000-00-00";
  const auto fits = [](char c, char form) { return form == '0' ? c >= '0' && c <= '9' : c == form; };
  if (!std::ranges::equal(text, k_form, fits)) {
    return false;
  }
  const auto number = [&](std::size_t at, std::size_t digits) {
    unsigned value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(number(0, 4))),
                                        std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2))};
  return day.ok();
}

} // namespace ctest_matrix
