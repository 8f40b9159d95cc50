#include "ledger/ledger_parser.hpp"

#include "base/byte_order_mark.hpp"
#include "base/text.hpp"
#include "ledger/ledger_escape.hpp"
#include "ledger/normalise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_separator = ": ";
constexpr std::string_view k_header = "matrix";
constexpr std::array<std::string_view, 10> k_keys{"outcome", "message", "issue",    "since",  "review",
                                                  "rate",    "note",    "friction", "closed", "reopened"};

const std::vector<std::string>& cell_verdicts() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Verdict verdict :
         {Verdict::fail, Verdict::timeout, Verdict::crash, Verdict::no_tests, Verdict::foreign,
          Verdict::bad_report, Verdict::exit, Verdict::shrunk, Verdict::setup}) {
      all.emplace_back(verdict_name(verdict));
    }
    return all;
  }();
  return names;
}

/// Of a text, what stands between commas.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.push_back(trim(text.substr(0, comma)));
    if (comma == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(comma + 1);
  }
}

/// Letters and digits of a text besides what failures of every kind say.
std::size_t own_substance(std::string_view text) {
  static constexpr std::array<std::string_view, 24> k_common{"Object.is equality",
                                                             "deep equality",
                                                             "strict equality",
                                                             "AssertionError",
                                                             "assertion",
                                                             "Assertion",
                                                             "Exception",
                                                             "expected",
                                                             "Expected",
                                                             "received",
                                                             "Received",
                                                             "to be",
                                                             "to deeply equal",
                                                             "to strictly equal",
                                                             "to equal",
                                                             "undefined",
                                                             "Test timed out in",
                                                             "panicked at",
                                                             "thread",
                                                             "failed",
                                                             "Error",
                                                             "expect",
                                                             "equality of these values",
                                                             "toBe"};
  std::string rest(text);
  for (const std::string_view words : k_common) {
    rest = replace_all(rest, words, " ");
  }
  return substance(rest);
}

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && value >= 0;
  return whole ? std::optional(value) : std::nullopt;
}

} // namespace

Ledger LedgerParser::parse(std::string_view text) {
  m_ledger.ends_open = !text.empty() && !text.ends_with('\n');
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    m_text = text.substr(begin, end - begin);
    m_ledger.lines.emplace_back(m_text);
    m_text.remove_prefix(m_line == 0 && m_text.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0);
    ++m_line;
    begin = end + 1;
    const std::string_view content = trim(m_text);
    const bool indented = m_text.starts_with(' ') || m_text.starts_with('\t');
    if (content.empty() || content.front() == '#') {
      m_remarks = m_remarks == 0 ? m_line : m_remarks;
      const bool header_ends = content.empty() && m_ledger.entries.empty();
      m_remarks = header_ends ? 0 : m_remarks;
    } else if (!(indented && detail(content))) {
      entry(content);
    }
  }
  finish();
  return std::move(m_ledger);
}

SourceLocation LedgerParser::place(std::string_view part) const {
  const bool within =
      !part.empty() && part.data() >= m_text.data() && part.data() < m_text.data() + m_text.size();
  const std::string_view shown = within ? part : trim(m_text);
  return {m_file, m_line, static_cast<int>(shown.data() - m_text.data()) + 1, static_cast<int>(shown.size())};
}

void LedgerParser::error(const char* code, std::string_view part, std::string message) {
  m_diagnostics.error(code, place(part), std::move(message));
}

void LedgerParser::warning(const char* code, std::string_view part, std::string message) {
  m_diagnostics.warning(code, place(part), std::move(message));
}

/// Whether the line is a detail, or what cannot be anything else.
bool LedgerParser::detail(std::string_view content) {
  const std::size_t colon = content.find(':');
  const std::string_view key = content.substr(0, colon);
  const bool known = std::ranges::find(k_keys, key) != k_keys.end();
  if (!known && (colon == std::string_view::npos || key.find_first_of(".=*") != std::string_view::npos)) {
    return false; // an entry that is indented
  }
  if (!known) {
    error("B005", key,
          fmt::format("'{}' is no detail of an entry{}", printable(key),
                      suggestion(key, std::vector<std::string>(k_keys.begin(), k_keys.end()))));
  } else if (m_ledger.entries.empty()) {
    error("B005", key, "this detail stands below no entry");
  } else {
    LedgerEntry& entry = m_ledger.entries.back();
    const std::string_view value = trim(content.substr(colon + 1));
    const bool repeats = key == "closed" || key == "reopened";
    const auto [first, is_new] = m_keys.try_emplace(std::string(key), m_line);
    if (!is_new && !repeats) {
      error("B005", key, fmt::format("this entry has its {} in line {} already", key, first->second));
    } else if (value.empty()) {
      error("B007", content, fmt::format("{}: expected a value", key));
    } else {
      set_detail(entry, key, value);
    }
    entry.last = m_line;
    m_remarks = 0;
  }
  return true;
}

void LedgerParser::set_detail(LedgerEntry& entry, std::string_view key, std::string_view value) {
  if (key == "outcome") {
    set_outcomes(entry, value);
  } else if (key == "since") {
    set_since(entry, value);
  } else if (key == "rate") {
    set_rate(entry, value);
  } else if (key == "review") {
    entry.review = day(key, value);
  } else if (key == "friction") {
    entry.friction = day(key, value);
  } else if (key == "closed" || key == "reopened") {
    add_event(entry, key == "closed", value);
  } else if (key == "message") {
    entry.any_message = value == k_any_message;
    entry.message = entry.any_message ? "" : value;
    if (entry.kind != EntryKind::test && entry.kind != EntryKind::verdict) {
      error("B005", value, "message: expected below a test or a verdict");
    }
  } else {
    (key == "issue" ? entry.issue : entry.note) = value;
  }
}

void LedgerParser::set_outcomes(LedgerEntry& entry, std::string_view value) {
  std::vector<std::string> valid = cell_verdicts();
  valid.emplace_back("flaky");
  for (const std::string_view part : parts_of(value)) {
    const std::string name(part);
    if (name == "flaky") {
      entry.flaky = true;
    } else if (std::ranges::find(valid, name) == valid.end()) {
      error(
          "B002", part,
          fmt::format("'{}' is no verdict of a cell that fails{}", printable(name), suggestion(name, valid)));
    } else if (name != "FAIL") {
      entry.outcomes.push_back(*parse_verdict(name));
    }
  }
}

std::string LedgerParser::day(std::string_view key, std::string_view value) {
  if (!is_day(value)) {
    error("B007", value,
          fmt::format("{}: expected a day such as 2026-02-12, got '{}'", key, printable(value)));
  }
  return std::string(value);
}

void LedgerParser::set_since(LedgerEntry& entry, std::string_view value) {
  const auto parts = parts_of(value);
  entry.since = day("since", parts.front());
  entry.commit = parts.size() > 1 ? parts[1] : "";
}

void LedgerParser::set_rate(LedgerEntry& entry, std::string_view value) {
  const std::size_t slash = value.find('/');
  const auto failed = number_of(value.substr(0, slash));
  const auto runs = number_of(slash == std::string_view::npos ? "" : value.substr(slash + 1));
  if (!failed || !runs || *failed < 1 || *runs < *failed) {
    error("B007", value,
          fmt::format("rate: expected failures of runs such as 3/30, got '{}'", printable(value)));
    return;
  }
  entry.rate = MeasuredRate{*failed, *runs};
}

void LedgerParser::add_event(LedgerEntry& entry, bool closed, std::string_view value) {
  const auto parts = parts_of(value);
  EntryEvent event{closed, day(closed ? "closed" : "reopened", parts.front()), "", ""};
  if (parts.size() > 1) {
    event.commit = parts[1];
  }
  if (parts.size() > 2) {
    event.note = trim(value.substr(static_cast<std::size_t>(parts[2].data() - value.data())));
  }
  entry.events.push_back(std::move(event));
}

void LedgerParser::entry(std::string_view content) {
  finish();
  const std::size_t colon = content.find(k_separator);
  const std::string_view where = content.substr(0, colon);
  const std::string_view what =
      colon == std::string_view::npos ? "" : trim(content.substr(colon + k_separator.size()));
  if (where.empty() || what.empty()) {
    error("B001", content,
          "expected '<cell>: <test>', '<cell>: (<verdict>)', a detail of the entry above, which is indented, "
          "or a "
          "comment ('# ...')");
    return;
  }
  if (where == k_header && m_ledger.entries.empty() && m_ledger.matrix.empty()) {
    m_ledger.matrix = what;
    m_remarks = 0;
    return;
  }
  LedgerEntry read{.where = std::string(where)};
  if (!read_what(read, what) || !read_where(read, where)) {
    return;
  }
  read.first = m_remarks == 0 ? m_line : m_remarks;
  read.line = m_line;
  read.last = m_line;
  const auto [first, is_new] = m_names.try_emplace(entry_name(read), m_line);
  if (!is_new) {
    error("B004", content, fmt::format("this failure is in line {} already", first->second));
  }
  m_ledger.entries.push_back(std::move(read));
  m_remarks = 0;
  m_keys.clear();
}

bool LedgerParser::read_where(LedgerEntry& entry, std::string_view where) {
  if (entry.kind == EntryKind::infrastructure || where == "*") {
    const bool fits = entry.kind == EntryKind::infrastructure && where == "*";
    if (!fits) {
      error("B006", where,
            entry.kind == EntryKind::infrastructure ? "expected '*: (infrastructure) <text>'"
                                                    : "an entry for every cell would excuse what nobody has "
                                                      "seen; expected cells, or values of axes "
                                                      "('runtime=wasm')");
    }
    return fits;
  }
  for (const std::string_view part : parts_of(where)) {
    const std::size_t equals = part.find('=');
    const bool by_axis = equals != std::string_view::npos;
    const bool mixed = by_axis ? !entry.cells.empty() : !entry.axes.empty();
    if (part.empty() || mixed || (by_axis && (equals == 0 || equals + 1 == part.size()))) {
      error("B006", part.empty() ? where : part,
            "expected names of cells, or values of axes ('runtime=wasm, file=actor-conn'), not both");
      return false;
    }
    if (by_axis) {
      entry.axes.emplace_back(std::string(part.substr(0, equals)), split(part.substr(equals + 1), '|'));
    } else {
      entry.cells.emplace_back(part);
    }
  }
  return true;
}

bool LedgerParser::read_what(LedgerEntry& entry, std::string_view what) {
  if (what.front() != '(') {
    std::size_t bad = 0;
    const auto title = unescape_title(what, bad);
    if (!title) {
      error("B003", what.substr(bad, 2),
            R"(unknown escape; expected one of: \\, \n, \xHH (two lowercase digits))");
      return false;
    }
    entry.text = *title;
    return true;
  }
  for (const auto& [word, kind] :
       {std::pair("(message) ", EntryKind::message), std::pair("(log) ", EntryKind::log),
        std::pair("(infrastructure) ", EntryKind::infrastructure)}) {
    if (what.starts_with(word)) {
      return read_text(entry, what, word, kind);
    }
  }
  const std::string name(what.substr(1, what.ends_with(')') ? what.size() - 2 : what.size()));
  std::vector<std::string> known = cell_verdicts();
  if (!what.ends_with(')') || std::ranges::find(known, name) == known.end()) {
    error(
        "B002", what,
        fmt::format(
            "'{}' is no verdict of a cell that fails{}; the title of a test that begins with '(' is written "
            "as '\\x28...'",
            what, suggestion(name, known)));
    return false;
  }
  entry.kind = EntryKind::verdict;
  entry.verdict = parse_verdict(name);
  if (*entry.verdict == Verdict::setup || *entry.verdict == Verdict::shrunk) {
    warning("B009", what,
            fmt::format("no entry excuses {}",
                        *entry.verdict == Verdict::setup ? "a set-up that failed" : "that tests are lost"));
  }
  return true;
}

bool LedgerParser::read_text(LedgerEntry& entry, std::string_view what, std::string_view word,
                             EntryKind kind) {
  entry.kind = kind;
  entry.text = trim(what.substr(word.size()));
  if (const std::size_t found = substance(entry.text); found < k_least_substance) {
    error("B008", what,
          fmt::format(
              "this text would match too much: expected at least {} letters and digits besides placeholders, "
              "got {}",
              k_least_substance, found));
    return false;
  }
  if (kind != EntryKind::infrastructure && own_substance(entry.text) < 2) {
    error("B008", what,
          "this text would match too much: failures of every kind have it; expected what this one says");
    return false;
  }
  return true;
}

/// Checks the entry that is read by now.
void LedgerParser::finish() {
  if (m_ledger.entries.empty()) {
    return;
  }
  const LedgerEntry& entry = m_ledger.entries.back();
  if (entry.kind == EntryKind::log && entry.outcomes.empty() && m_keys.count("outcome") == 0) {
    m_diagnostics.error("B007", {m_file, entry.line, 1, 1},
                        "an entry about a log needs its outcome, such as '  outcome: TIMEOUT'");
  }
}

} // namespace ctest_matrix
