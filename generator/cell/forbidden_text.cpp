// The rule `forbid_text`: searches files line by line.
//
// A file in which nothing was found is remembered by its status, in `rules/<name>` of the state directory, as
// long as the pattern stays; one that was changed so shortly before that a further change need not show in
// its times is read again.
#include "base/clock.hpp"
#include "base/content.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/line_escape.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "cell/rule_kinds.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <optional>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t k_largest_file = 64 << 20; // bytes
constexpr std::chrono::seconds k_patience{100};
constexpr std::chrono::seconds k_settled{3}; // the coarsest times of file systems are of two seconds
constexpr std::size_t k_shown_before = 40;   // bytes of a line, before the place
constexpr std::size_t k_shown_behind = 60;
constexpr std::string_view k_clean = "clean"; // in place of a fingerprint

/// The reason for which a line allows what the rule is against; empty where it gives none.
std::optional<std::string> allowance(std::string_view line, const std::string& rule) {
  const std::string key = fmt::format("{}: {}", k_allow_key, rule);
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view behind = line.substr(at + key.size());
  if (behind.starts_with(':')) {
    std::string_view reason = trim(behind.substr(1));
    for (const std::string_view close : {"*/", "-->", "}"}) {
      reason = trim(reason.ends_with(close) ? reason.substr(0, reason.size() - close.size()) : reason);
    }
    return std::string(reason);
  }
  return trim(behind).empty() ? std::optional(std::string()) : std::nullopt; // of another rule, a longer name
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The line with a caret under the place.
std::string quote(std::string_view line, int number, const PatternMatch& match) {
  const std::size_t begin = match.offset > k_shown_before ? match.offset - k_shown_before : 0;
  const std::string before = clean_text(line.substr(begin, match.offset - begin));
  const std::string place = clean_text(ellipsis(line.substr(match.offset, match.length), k_shown_behind));
  const std::string behind = clean_text(ellipsis(line.substr(match.offset + match.length), k_shown_behind));
  const std::string shown = replace_all(before + place + behind, "\t", " ");
  const std::size_t length = std::max<std::size_t>(characters(place), 1);
  return fmt::format("{:>5} | {}\n      | {}^{}\n", number, shown, std::string(characters(before), ' '),
                     std::string(length - 1, '~'));
}

class TextSearch {
public:
  TextSearch(const CommonPlan& common, const Rule& rule, Pattern pattern)
      : m_common(common), m_rule(rule), m_pattern(std::move(pattern)),
        m_memory(common.places.state / "rules" / rule.name),
        m_head(fingerprint("1 " + rule.name + " " + rule.forbidden->pattern) + "\n") {}

  RuleResult run() {
    const auto [files, unmatched, problems] = rule_files(m_common, m_rule.forbidden->files);
    for (const std::string& pattern : unmatched) {
      unknown(unmatched_problem(pattern));
    }
    for (const std::string& problem : problems) {
      unknown(problem);
    }
    const auto text = read_file(m_memory);
    const std::string known = text && text->starts_with(m_head) ? text->substr(m_head.size()) : "";
    const auto clean = files_in(known);
    for (const std::string& name : files) {
      if (system_clock().monotonic() > m_deadline) {
        unknown(fmt::format("the search took longer than {} s", k_patience.count()));
        break;
      }
      file(name, clean);
    }
    std::error_code ignored;
    if (m_remembered != known && fs::is_directory(m_common.places.state, ignored)) {
      static_cast<void>(write_file_quickly(m_memory, m_head + m_remembered));
    }
    return result(files.size());
  }

private:
  void file(const std::string& name, const std::map<std::string_view, FileContent>& clean) {
    const fs::path path = m_common.places.root / name;
    const std::string key = escape_line(name);
    const std::string signature = file_signature(path);
    const auto known = clean.find(key);
    bool is_clean = known != clean.end() && !signature.empty() && known->second.signature == signature;
    if (!is_clean) {
      const bool settled = is_settled(path);
      const auto text = read_regular_file(path, k_largest_file);
      if (!text) {
        unknown(text.error().message);
        return;
      }
      if (text->starts_with("\xff\xfe") || text->starts_with("\xfe\xff")) {
        unknown(fmt::format("{} is UTF-16, in which nothing is found; leave it out with !", path.string()));
        return;
      }
      is_clean = !m_pattern.may_be_in(*text) || lines(path, *text);
      if (!settled) {
        return;
      }
    }
    if (is_clean) {
      m_remembered += fmt::format("{} {} {}\n", key, signature, k_clean);
    }
  }

  static bool is_settled(const fs::path& path) {
    struct stat status {};

    return stat(path.c_str(), &status) == 0 &&
           TimePoint{Milliseconds(std::int64_t{status.st_ctim.tv_sec} * 1000)} + k_settled <
               system_clock().now();
  }

  /// Whether nothing was found.
  bool lines(const fs::path& path, std::string_view text) {
    bool is_clean = true;
    std::string_view before;
    for (int number = 1; !text.empty(); ++number) {
      const std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      line.remove_suffix(line.ends_with('\r') ? 1 : 0);
      is_clean = this->line(path, number, line, before) && is_clean;
      before = line;
    }
    return is_clean;
  }

  bool line(const fs::path& path, int number, std::string_view line, std::string_view before) {
    if (!m_pattern.may_be_in(line)) {
      return true;
    }
    if (line.size() > Pattern::k_longest_line) {
      unknown(
          fmt::format("{}:{}: a line of {} bytes, which is too long to be searched (at most {}); leave the "
                      "file out with !",
                      path.string(), number, line.size(), Pattern::k_longest_line));
      return false;
    }
    const auto match = m_pattern.find(line);
    if (!match) {
      return true;
    }
    auto allowed = allowance(line, m_rule.name);
    allowed = allowed ? allowed : allowance(before, m_rule.name);
    if (allowed && !allowed->empty()) {
      ++m_allowed;
      return false; // it is told each time
    }
    found(path, number, line, *match, allowed ? "it is allowed without a reason" : m_rule.reason);
    return false;
  }

  void found(const fs::path& path, int number, std::string_view line, const PatternMatch& match,
             const std::string& why) {
    if (m_found++ < k_most_places) {
      m_places += fmt::format("{}:{}: {}: '{}' must not be here: {}\n{}", path.string(), number,
                              level_word(m_rule.level),
                              clean_text(ellipsis(line.substr(match.offset, match.length), k_shown_behind)),
                              why, quote(line, number, match));
    }
    m_files_with += m_last == path ? 0 : 1;
    m_last = path;
  }

  void unknown(std::string problem) {
    if (m_problems++ < k_most_places) {
      m_places += fmt::format("{}: {}: rule '{}': {}\n", rule_place(m_common, m_rule),
                              level_word(m_rule.level), m_rule.name, problem);
    }
    m_first_problem = m_first_problem.empty() ? std::move(problem) : m_first_problem;
  }

  RuleResult result(std::size_t files) {
    const std::string allowed =
        m_allowed == 0 ? "" : fmt::format(", {} allowed with a reason", plural(m_allowed, "place"));
    if (m_found > k_most_places) {
      m_places += fmt::format("... and {} more\n", plural(m_found - k_most_places, "place"));
    }
    if (m_found > 0) {
      return {.state = RuleState::broken,
              .places = std::move(m_places),
              .brief = fmt::format("{} in {} of {}{}{}", plural(m_found, "place"), m_files_with,
                                   plural(files, "file"), allowed,
                                   m_problems > 0 ? ", and " + m_first_problem : "")};
    }
    if (m_problems > 0) {
      return {.state = RuleState::unknown, .places = std::move(m_places), .brief = m_first_problem};
    }
    return {.state = RuleState::kept,
            .places = {},
            .brief = fmt::format("in none of {}{}", plural(files, "file"), allowed)};
  }

  const CommonPlan& m_common;
  const Rule& m_rule;
  Pattern m_pattern;
  fs::path m_memory;
  std::string m_head;
  Milliseconds m_deadline = system_clock().monotonic() + k_patience;
  std::string m_remembered;
  std::string m_places;
  std::string m_first_problem;
  fs::path m_last; ///< the file of the last place
  std::size_t m_found = 0;
  std::size_t m_files_with = 0;
  std::size_t m_allowed = 0;
  std::size_t m_problems = 0;
};

} // namespace

RuleResult check_forbidden_text(const CommonPlan& common, const Rule& rule) {
  Pattern::Problem problem;
  auto pattern = Pattern::parse(rule.forbidden->pattern, problem);
  if (!pattern) {
    return {.state = RuleState::unknown, .places = {}, .brief = "its pattern: " + problem.message};
  }
  return TextSearch(common, rule, *std::move(pattern)).run();
}

} // namespace ctest_matrix
