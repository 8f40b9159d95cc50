#include "plan/verdict_line.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_prefix = "[ctest-matrix] ";
constexpr std::string_view k_guarded = "[ctest-matrix";
constexpr char32_t k_seen = U'x'; ///< stands for every character that no reader drops
constexpr std::string_view k_not_counted = "nothing counted";

/// Reads a text from left to right; after the first mismatch nothing matches any more.
class Scanner {
public:
  explicit Scanner(std::string_view text) : m_rest(text) {}

  bool literal(std::string_view expected) {
    m_good = m_good && m_rest.starts_with(expected);
    if (m_good) {
      m_rest.remove_prefix(expected.size());
    }
    return m_good;
  }

  /// Takes the text when it stands here; a mismatch is no error.
  bool optional_literal(std::string_view expected) {
    return m_good && m_rest.starts_with(expected) && literal(expected);
  }

  std::string_view until(std::string_view end) {
    const std::size_t at = m_rest.find(end);
    m_good = m_good && at != std::string_view::npos && at > 0;
    if (!m_good) {
      return {};
    }
    const std::string_view word = m_rest.substr(0, at);
    m_rest.remove_prefix(at);
    return word;
  }

  std::string_view hexadecimal() {
    const std::size_t length = m_rest.find_first_not_of("0123456789abcdef");
    const std::string_view word = m_rest.substr(0, length);
    m_good = m_good && !word.empty() && length != std::string_view::npos;
    m_rest.remove_prefix(m_good ? word.size() : 0);
    return word;
  }

  template <typename Number>
  Number number() {
    Number value = 0;
    const bool digit = !m_rest.empty() && m_rest.front() >= '0' && m_rest.front() <= '9';
    const auto [end, code] = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), value);
    constexpr std::int64_t k_most = sizeof(Number) > sizeof(int) ? 1'000'000'000'000 : 1'000'000'000;
    m_good = m_good && digit && code == std::errc() && value <= k_most;
    if (m_good) {
      m_rest.remove_prefix(static_cast<std::size_t>(end - m_rest.data()));
    }
    return m_good ? value : 0;
  }

  bool at_end() const { return m_good && m_rest.empty(); }

private:
  std::string_view m_rest;
  bool m_good = true;
};

/// `, share 2/5 by runtime, split 1a2b3c4d5e6f7a8b, run 4711`, each only where it is there.
void read_share(Scanner& scanner, VerdictLine& line) {
  if (!scanner.optional_literal(", share ")) {
    return;
  }
  line.share = scanner.until(", split ");
  scanner.literal(", split ");
  line.split = scanner.hexadecimal();
  if (scanner.optional_literal(", run ")) {
    line.run = scanner.until(" (");
  }
}

std::string share_words(const VerdictLine& line) {
  return line.share.empty() || line.split.empty()
             ? ""
             : fmt::format(", share {}, split {}{}{}", line.share, line.split,
                           line.run.empty() ? "" : ", run ", line.run);
}

std::optional<VerdictLine> parse_line(std::string_view text, std::string_view cell) {
  Scanner scanner(text);
  VerdictLine line;
  scanner.literal(k_prefix);
  const std::optional<Verdict> verdict = parse_verdict(scanner.until(" "));
  scanner.literal(" ");
  scanner.literal(cell);
  scanner.literal(": ");
  if (!scanner.optional_literal(k_not_counted)) {
    line.counts.emplace();
    line.counts->passed = scanner.number<int>();
    scanner.literal(" passed, ");
    line.counts->failed = scanner.number<int>();
    scanner.literal(" failed, ");
    line.counts->skipped = scanner.number<int>();
    scanner.literal(" skipped");
  }
  scanner.literal(", ");
  line.duration = Milliseconds(scanner.number<Milliseconds::rep>());
  scanner.literal(" ms");
  line.flaky = scanner.optional_literal(", flaky");
  if (scanner.optional_literal(", leaked ")) {
    line.leaked = scanner.number<int>();
  }
  if (scanner.optional_literal(", cell ")) {
    line.identity = scanner.hexadecimal();
  }
  if (scanner.optional_literal(", basis ")) {
    line.basis = scanner.hexadecimal();
  }
  if (scanner.optional_literal(", axes ")) {
    line.axes = scanner.until(" ");
  }
  read_share(scanner, line);
  if (scanner.optional_literal(" (record ")) {
    line.record = scanner.until(")");
    scanner.literal(")");
  } else {
    scanner.literal(" (no record)");
  }
  if (!verdict || !scanner.at_end()) {
    return std::nullopt;
  }
  line.verdict = *verdict;
  line.cell = cell;
  return line;
}

} // namespace

std::string axes_mark(Assignment axes) {
  std::ranges::sort(axes);
  std::string text;
  for (const auto& [axis, value] : axes) {
    text += fmt::format("{}={}\n", axis, value);
  }
  return fingerprint(text).substr(0, 8);
}

std::string format_verdict_line(const VerdictLine& line) {
  const std::string counts = line.counts
                                 ? fmt::format("{} passed, {} failed, {} skipped", line.counts->passed,
                                               line.counts->failed, line.counts->skipped)
                                 : std::string(k_not_counted);
  return fmt::format("{}{} {}: {}, {} ms{}{}{}{}{}{}{}\n", k_prefix, verdict_name(line.verdict), line.cell,
                     counts, line.duration.count(), line.flaky ? ", flaky" : "",
                     line.leaked > 0 ? fmt::format(", leaked {}", line.leaked) : "",
                     line.identity.empty() ? "" : fmt::format(", cell {}", line.identity),
                     line.basis.empty() ? "" : fmt::format(", basis {}", line.basis),
                     line.axes.empty() ? "" : fmt::format(", axes {}", line.axes), share_words(line),
                     line.record.empty() ? " (no record)" : fmt::format(" (record {})", line.record));
}

std::optional<VerdictLine> find_verdict_line(std::string_view output, std::string_view cell) {
  std::size_t at = output.rfind(k_prefix);
  while (at != std::string_view::npos && at > 0 && output[at - 1] != '\n') {
    at = output.rfind(k_prefix, at - 1);
  }
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t end = output.find('\n', at);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view line = output.substr(at, end - at);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return parse_line(line, cell);
}

std::string Defuser::defuse(std::string_view chunk) {
  std::string safe;
  safe.reserve(chunk.size());
  for (const char c : chunk) {
    const auto byte = static_cast<unsigned char>(c);
    const bool completes = m_after_lead && byte >= 0x80 && byte < 0xc0; // U+0080 to U+00BF: the same number
    const bool broken_off = m_after_lead && !completes;
    m_after_lead = byte == 0xc2;
    m_matched = broken_off ? 0 : m_matched;
    if (m_after_lead) {
      safe += c;
      continue;
    }
    if (!is_dropped(completes || byte < 0x80 ? byte : k_seen)) {
      m_matched = c == k_guarded[m_matched] ? m_matched + 1 : c == k_guarded.front() ? 1 : 0;
      if (m_matched == k_guarded.size()) {
        safe += '_';
        m_matched = 0;
      }
    }
    safe += c;
  }
  return safe;
}

} // namespace ctest_matrix
