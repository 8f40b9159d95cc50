#include "runners/tap_lines.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "runners/skip_reason.hpp"
#include "runners/source_place.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace ctest_matrix {

namespace {

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Whether the text begins with this, given in upper case, in any case.
bool starts_with_any_case(std::string_view text, std::string_view begin) {
  return text.size() >= begin.size() &&
         std::equal(begin.begin(), begin.end(), text.begin(), [](char a, char b) { return a == upper(b); });
}

bool starts_with_word(std::string_view text, std::string_view word) {
  const auto in_word = [&](char c) {
    return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return starts_with_any_case(text, word) && (text.size() == word.size() || !in_word(text[word.size()]));
}

/// The places of `#` that may begin a directive: `\#` and one inside a word do not.
template <typename Take>
bool at_any_hash(std::string_view text, const Take& take) {
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if ((at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t') && take(at)) {
      return true;
    }
  }
  return false;
}

/// Cuts `# SKIP …` or `# TODO …` off a description; what stands behind the word is the reason.
TapDirective take_directive(std::string_view& description, std::string& reason) {
  TapDirective directive = TapDirective::none;
  at_any_hash(description, [&](std::size_t at) {
    const std::string_view word = trim(description.substr(at + 1));
    const bool skips = starts_with_word(word, "SKIP");
    directive = skips && trim(word.substr(4)) == k_nodes_unmatched ? TapDirective::unmatched
                : skips                                            ? TapDirective::skip
                : starts_with_word(word, "TODO")                   ? TapDirective::todo
                                                                   : TapDirective::none;
    if (directive != TapDirective::none) {
      const std::string_view behind = trim(word.substr(std::string_view("SKIP").size()));
      reason = skip_reason(behind.starts_with(':') ? behind.substr(1) : behind);
      description = description.substr(0, at);
    }
    return directive != TapDirective::none;
  });
  return directive;
}

/// `12.5ms`, `1.2s`, `3m`; nothing for anything else.
std::optional<Milliseconds> parse_time(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  constexpr double k_longest = 1e12;
  if (code != std::errc() || !std::isfinite(value) || (unit != "ms" && unit != "s" && unit != "m")) {
    return std::nullopt;
  }
  const double factor = unit == "ms" ? 1 : unit == "s" ? 1000 : 60'000;
  return Milliseconds(std::llround(std::clamp(value * factor, 0.0, k_longest)));
}

/// Cuts `# time=12ms` off the end of a description.
void take_time(std::string_view& description, Milliseconds& duration) {
  constexpr std::string_view k_time = "time=";
  at_any_hash(description, [&](std::size_t at) {
    const std::string_view rest = trim(description.substr(at + 1));
    const auto time = rest.starts_with(k_time) ? parse_time(rest.substr(k_time.size())) : std::nullopt;
    if (time) {
      duration = *time;
      description = trim(description.substr(0, at));
    }
    return time.has_value();
  });
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '#' || text[i + 1] == '\\');
    plain += text[escape ? ++i : i];
  }
  return plain;
}

} // namespace

std::optional<TapPoint> parse_tap_point(std::string_view line) {
  TapPoint point;
  point.ok = !line.starts_with("not ");
  line.remove_prefix(point.ok ? 0 : 4);
  if (!line.starts_with("ok") || (line.size() > 2 && line[2] != ' ' && line[2] != '\t')) {
    return std::nullopt;
  }
  line = trim(line.substr(2));
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits > 0 && (digits == line.size() || line[digits] == ' ' || line[digits] == '\t')) {
    point.number = leading_number(line);
    line = trim(line.substr(digits));
  }
  if (line.starts_with("- ") || line == "-") {
    line.remove_prefix(1);
  }
  if (line.ends_with(" {") || line == "{") {
    point.opens = true;
    line = trim(line.substr(0, line.size() - 1));
  }
  take_time(line, point.duration);
  point.directive = take_directive(line, point.reason);
  point.description = unescaped(trim(line));
  return point;
}

std::optional<TapPlan> parse_tap_plan(std::string_view line) {
  if (!line.starts_with("1..")) {
    return std::nullopt;
  }
  line.remove_prefix(3);
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  std::string_view rest = trim(line.substr(digits));
  if (digits == 0 || (!rest.empty() && !rest.starts_with('#'))) {
    return std::nullopt;
  }
  const bool is_zero = line.substr(0, digits).find_first_not_of('0') == std::string_view::npos;
  const int tests = leading_number(line); // 0 also for more than anybody has
  TapPlan plan{tests > 0 || is_zero ? tests : std::numeric_limits<int>::max(), std::nullopt};
  rest = trim(rest.substr(std::min<std::size_t>(1, rest.size())));
  if (plan.tests == 0 && starts_with_any_case(rest, "SKIP")) { // `# Skipped: reason`, too
    const std::size_t space = rest.find_first_of(" \t");
    plan.skipped = space == std::string_view::npos ? "" : clean_text(trim(rest.substr(space)));
  }
  return plan;
}

bool is_tap_bail_out(std::string_view line) {
  return starts_with_any_case(line, "BAIL OUT!");
}

bool is_tap_filler(std::string_view line) {
  return line.empty() || line.starts_with('#') || line.starts_with("TAP version ") ||
         line.starts_with("pragma ");
}

std::string tap_yaml_value(const std::vector<std::string>& block, std::string_view key) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    std::string_view text = trim(block[i]);
    if (!text.starts_with(key) || text.size() <= key.size() || text[key.size()] != ':') {
      continue;
    }
    text = trim(text.substr(key.size() + 1));
    if ((text.starts_with('|') || text.starts_with('>')) && i + 1 < block.size()) {
      text = trim(block[i + 1]);
    }
    if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
      text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
  }
  return {};
}

namespace {

/// The place in `at t/basic.t line 3.` (Test::More) and `(in test file a.bats, line 2)` (bats, which names
/// what was called on the way there before that).
std::optional<std::pair<std::string, int>> comment_place(std::string_view line) {
  constexpr std::string_view k_perl = "at ";
  constexpr std::string_view k_bats = "in test file ";
  const bool is_bats = is_bats_failure(line);
  const std::size_t lead = is_bats                    ? line.find(k_bats)
                           : line.starts_with(k_perl) ? 0
                                                      : std::string_view::npos;
  const std::string_view middle = is_bats ? ", line " : " line ";
  const std::size_t at = line.rfind(middle);
  if (lead == std::string_view::npos || at == std::string_view::npos) {
    return is_bats ? std::optional(std::pair(std::string(), 0)) : std::nullopt;
  }
  const std::size_t begin = lead + (is_bats ? k_bats : k_perl).size();
  const int number = leading_number(line.substr(at + middle.size()));
  return at > begin && number > 0
             ? std::optional(std::pair(std::string(line.substr(begin, at - begin)), number))
             : std::nullopt;
}

} // namespace

void apply_tap_yaml(const std::vector<std::string>& block, TestCase& test) {
  if (const auto time = parse_time(tap_yaml_value(block, "duration_ms") + "ms")) {
    test.duration = *time;
  }
  if (test.status != TestStatus::failed) {
    return;
  }
  const std::string node = tap_yaml_value(block, "error");
  const std::string reason = node.empty() ? tap_yaml_value(block, "message") : node;
  test.messages.push_back(clean_text(reason + (reason.empty() ? "" : "\n") + join(block, "\n")));
  const std::string location = tap_yaml_value(block, "location");
  const std::string at = tap_yaml_value(block, "at"); // tape: `file:1:2`, or as a frame, `name (file:1:2)`
  const std::vector<std::string> place =
      split(location.empty() ? at.substr(at.rfind('(') + 1) : location, ':');
  if (place.size() == 3 && leading_number(place[1]) > 0) {
    if (place[0].find("/node_modules/") != std::string::npos) {
      return;
    }
    test.source_file = place[0];
    test.source_line = leading_number(place[1]);
  } else if (const int line = leading_number(tap_yaml_value(block, "line")); line > 0) {
    test.source_file = tap_yaml_value(block, "file");
    test.source_line = test.source_file.empty() ? 0 : line;
  }
}

bool is_bats_failure(std::string_view comment) {
  return comment.starts_with("(in test file ") || comment.starts_with("(from function ");
}

std::optional<int> parse_tap_failures(std::string_view line) {
  constexpr std::string_view k_lead = "# fail ";
  if (!line.starts_with(k_lead)) {
    return std::nullopt;
  }
  const std::string_view count = trim(line.substr(k_lead.size()));
  const bool is_number = !count.empty() && count.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? std::optional(leading_number(count)) : std::nullopt;
}

void apply_tap_comments(const std::vector<std::string>& comments, TestCase& test) {
  std::vector<std::string> message;
  for (const std::string& comment : comments) {
    const std::string_view line = trim(comment);
    if (const auto place = comment_place(line)) {
      if (test.source_line == 0) {
        std::tie(test.source_file, test.source_line) = *place;
      }
    } else if (!line.starts_with("Failed test") && !line.starts_with("Looks like you ")) {
      message.push_back(clean_text(line));
    }
  }
  if (!message.empty()) {
    test.messages.push_back(join(message, "\n"));
  }
}

} // namespace ctest_matrix
