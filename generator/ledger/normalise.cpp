#include "ledger/normalise.hpp"

#include "base/cut.hpp"
#include "base/text.hpp"
#include "ledger/expected_part.hpp"
#include "ledger/telling_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

namespace ctest_matrix {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t run_of(std::string_view text, std::size_t at, bool (*is)(char)) {
  std::size_t end = at;
  while (end < text.size() && is(text[end])) {
    ++end;
  }
  return end - at;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// Whether letters and digits are mixed as nobody names things; `utf8ToUtf16Le` is a name, whose parts are
/// longer than those of an id in both cases.
bool is_id(std::string_view word) {
  std::size_t turns = 0;
  std::size_t parts = 1; // begun by a capital, or where letters and digits meet
  for (std::size_t i = 1; i < word.size(); ++i) {
    const bool turn = is_digit(word[i]) != is_digit(word[i - 1]);
    turns += turn ? 1 : 0;
    parts += turn || is_upper(word[i]) ? 1 : 0;
  }
  const auto digits = static_cast<std::size_t>(std::ranges::count_if(word, is_digit));
  const auto capitals = static_cast<std::size_t>(std::ranges::count_if(word, is_upper));
  const bool both_cases = capitals > 0 && capitals + digits < word.size();
  const bool hex = word.size() >= 7 && std::ranges::all_of(word, is_hex);
  const bool random =
      both_cases ? word.size() >= 10 && 2 * parts >= word.size() : word.size() >= 8 && turns >= 4;
  return digits > 0 && digits < word.size() && (hex || random);
}

/// `dddd-dd-dd` with `d` for a digit and anything else for itself; the length, or 0.
std::size_t match_shape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) {
    return 0;
  }
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool fits = shape[i] == 'd'   ? is_digit(text[i])
                      : shape[i] == 'h' ? is_hex(text[i])
                                        : text[i] == shape[i];
    if (!fits) {
      return 0;
    }
  }
  return shape.size();
}

std::size_t fraction_of(std::string_view text) {
  const bool begins = text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1]);
  return begins ? 1 + run_of(text, 1, is_digit) : 0;
}

std::size_t match_time_of_day(std::string_view text) {
  std::size_t length = match_shape(text, "dd:dd:dd");
  return length == 0 ? 0 : length + fraction_of(text.substr(length));
}

/// The length of a date, a time, or both.
std::size_t match_time(std::string_view text) {
  std::size_t length = match_shape(text, "dddd-dd-dd");
  if (length == 0) {
    return match_time_of_day(text);
  }
  if (length < text.size() && (text[length] == 'T' || text[length] == ' ')) {
    const std::string_view rest = text.substr(length + 1);
    const std::size_t time = std::max(match_time_of_day(rest), match_shape(rest, "dd:dd"));
    if (time > 0) {
      length += 1 + time;
      const std::string_view zone = text.substr(length);
      length += zone.starts_with('Z') ? 1
                                      : std::max({match_shape(zone, "+dd:dd"), match_shape(zone, "-dd:dd"),
                                                  match_shape(zone, "+dddd"), match_shape(zone, "-dddd")});
    }
  }
  return length < text.size() && is_alnum(text[length]) ? 0 : length;
}

/// The length of a unit of time behind a number, with the space before it.
std::size_t match_unit(std::string_view text) {
  static constexpr std::array<std::string_view, 24> k_units{
      "milliseconds", "millisecond", "microseconds", "nanoseconds", "seconds", "second", "minutes", "minute",
      "hours",        "hour",        "days",         "day",         "secs",    "sec",    "mins",    "min",
      "ms",           "us",          "µs",           "ns",          "s",       "m",      "h",       "d"};
  const bool spaced = text.starts_with(' ');
  const std::string_view word = text.substr(spaced ? 1 : 0);
  for (const std::string_view unit : k_units) {
    const bool ends =
        word.size() <= unit.size() || !(is_alnum(word[unit.size()]) || word[unit.size()] == '_');
    const bool may_be_apart = unit.size() > 1 || unit == "s";
    if (word.starts_with(unit) && ends && (!spaced || may_be_apart)) {
      return unit.size() + (spaced ? 1 : 0);
    }
  }
  return 0;
}

/// Whether a place of the file system and no route of a server: it lies in a directory that machines have, or
/// has the extension of a file.
bool is_file_path(std::string_view path) {
  static constexpr std::array<std::string_view, 20> k_roots{
      "/home/",  "/tmp/",      "/var/",    "/usr/",   "/root/", "/opt/",  "/etc/",
      "/Users/", "/private/",  "/mnt/",    "/builds", "/srv/",  "/proc/", "/dev/",
      "/run/",   "/workspace", "/github/", "/__w/",   "/nix/",  "/media/"};
  if (std::ranges::any_of(k_roots, [&](std::string_view root) { return path.starts_with(root); })) {
    return true;
  }
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  const std::size_t extension = dot == std::string_view::npos ? 0 : name.size() - dot - 1;
  return path.find('/', 1) != std::string_view::npos && dot > 0 && extension > 0 && extension <= 5 &&
         is_letter(name[dot + 1]) && std::ranges::all_of(name.substr(dot + 1), is_alnum);
}

bool is_of_path(char c) {
  return is_alnum(c) || c == '/' || c == '.' || c == '_' || c == '-' || c == '@' || c == '+' || c == '~' ||
         c == '$' || c == '%' || static_cast<unsigned char>(c) >= 0x80;
}

class Normaliser {
public:
  Normaliser(std::string_view text, Numbers numbers, LinePart expected = {})
      : m_text(text), m_numbers(numbers), m_expected(expected) {}

  std::string run() {
    while (m_at < m_text.size()) {
      step();
    }
    return std::move(m_out);
  }

private:
  std::string_view rest() const { return m_text.substr(m_at); }

  void put(std::string_view what, std::size_t length) {
    m_out += what;
    m_at += length;
  }

  void keep(std::size_t length) { put(rest().substr(0, length), length); }

  void step() {
    const char c = m_text[m_at];
    const char before = m_at == 0 ? ' ' : m_text[m_at - 1];
    if (is_alnum(c) && !is_alnum(before)) {
      word();
    } else if (c == '/' && !is_of_path(before) && before != ':') {
      path(m_at);
    } else {
      m_in_url = m_in_url && !(c == ' ' || c == '"' || c == '\'' || c == '`' || c == ')' || c == '>');
      keep(1);
    }
  }

  void word() {
    const std::string_view text = rest();
    if (text.starts_with("file:///")) {
      m_at += 7;
      path(m_at);
    } else if (const std::size_t host = match_host(text); host > 0) {
      m_in_url = true;
      keep(host);
    } else if (match_shape(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh") > 0 &&
               run_of(text, 24, is_alnum) == 12) {
      put("<uuid>", 36);
    } else if (const std::size_t time = match_time(text); time > 0) {
      put("<time>", time);
    } else if (const std::size_t digits = text.starts_with("0x") ? run_of(text, 2, is_hex) : 0; digits > 0) {
      digits >= 6 ? put("<address>", 2 + digits) : plain_number(2 + digits);
    } else if (text.size() > 2 && is_letter(text[0]) && text[1] == ':' &&
               (text[2] == '\\' || text[2] == '/')) {
      windows_path();
    } else if (const std::size_t ip = match_ip(text); ip > 0) {
      keep(ip);
    } else if (is_id(text.substr(0, run_of(text, 0, is_alnum)))) {
      put("<id>", run_of(text, 0, is_alnum));
    } else if (is_digit(text[0])) {
      number();
    } else {
      keep(run_of(text, 0, is_alnum));
    }
  }

  /// `http://127.0.0.1`, without the port.
  static std::size_t match_host(std::string_view text) {
    const std::size_t scheme = run_of(text, 0, is_letter);
    if (text.substr(scheme, 3) != "://") {
      return 0;
    }
    std::size_t end = scheme + 3;
    while (end < text.size() && (is_alnum(text[end]) || text[end] == '.' || text[end] == '-')) {
      ++end;
    }
    return end;
  }

  static std::size_t match_ip(std::string_view text) {
    std::size_t end = 0;
    for (int part = 0; part < 4; ++part) {
      const std::size_t digits = run_of(text, end, is_digit);
      if (digits == 0 || digits > 3 || (part < 3 && text.substr(end + digits, 1) != ".")) {
        return 0;
      }
      end += digits + (part < 3 ? 1 : 0);
    }
    return end < text.size() && (is_alnum(text[end]) || text.substr(end, 1) == "_") ? 0 : end;
  }

  /// The length of a number: 12, 1.5, 1,000, 2.3.19, 1e-7; its digits alone where letters follow.
  static std::size_t match_number(std::string_view text) {
    std::size_t end = run_of(text, 0, is_digit);
    while (end < text.size() && text[end] == ',' && run_of(text, end + 1, is_digit) == 3) {
      end += 4;
    }
    while (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
      end += 1 + run_of(text, end + 1, is_digit);
    }
    if (end + 1 < text.size() && (text[end] == 'e' || text[end] == 'E')) {
      const std::size_t sign = text[end + 1] == '-' || text[end + 1] == '+' ? 1 : 0;
      const std::size_t digits = run_of(text, end + 1 + sign, is_digit);
      end += digits > 0 ? 1 + sign + digits : 0;
    }
    return end;
  }

  void number() {
    const std::size_t length = match_number(rest());
    const std::string_view behind = rest().substr(length);
    if (const std::size_t unit = match_unit(behind); unit > 0) {
      constexpr std::string_view k_duration = "<duration>";
      if (m_out.ends_with("<duration> ")) { // 4m 05s
        m_out.pop_back();
        m_at += length + unit;
      } else {
        put(k_duration, length + unit);
      }
    } else if (!behind.empty() && is_letter(behind[0])) {
      keep(length + run_of(behind, 0, is_alnum)); // 3rd
    } else if (is_port()) {
      put("<port>", length);
    } else if (is_told_apart() || is_expected(rest().substr(0, length))) {
      keep(length);
    } else {
      plain_number(length);
    }
  }

  /// An id in hexadecimal digits may happen to have no letter.
  void plain_number(std::size_t length) {
    constexpr std::size_t k_id = 7;
    const bool id = length >= k_id && run_of(rest(), 0, is_digit) == length;
    m_numbers == Numbers::merged ? put(id ? "<id>" : "<n>", length) : keep(length);
  }

  /// Whether the test's source says the number: a large one is more likely a port, a time or an id.
  bool is_expected(std::string_view number) const {
    constexpr std::ptrdiff_t k_digits = 4;
    return m_at >= m_expected.begin && m_at < m_expected.end &&
           std::ranges::count_if(number, is_digit) <= k_digits;
  }

  bool is_port() const {
    if (m_out.ends_with("://") || m_out.empty()) {
      return false;
    }
    if (m_out.back() == ':') {
      const std::string_view host = std::string_view(m_out).substr(0, m_out.size() - 1);
      const std::size_t end = host.find_last_not_of("0123456789.");
      const std::string_view ip = host.substr(end == std::string_view::npos ? 0 : end + 1);
      return host.ends_with("localhost") || host.ends_with("]") || host.ends_with("::") ||
             host.ends_with(":") || match_ip(ip) > 0 || (m_in_url && m_at == host_end());
    }
    return word_before() == "port";
  }

  /// Where the port of the URL would begin that is being read.
  std::size_t host_end() const {
    const std::size_t scheme = m_text.substr(0, m_at).rfind("://");
    const std::size_t colon = m_text.find(':', scheme + 3);
    const std::size_t slash = m_text.find('/', scheme + 3);
    return colon != std::string_view::npos && colon < slash ? colon + 1 : 0;
  }

  /// The word in front of the place, in lower case: `code` of `exit code (`.
  std::string word_before() const {
    const std::size_t end = m_out.find_last_not_of(" :=(#\"'");
    std::size_t begin = end == std::string::npos ? 0 : end + 1;
    const std::size_t last = begin;
    while (begin > 0 && is_letter(m_out[begin - 1])) {
      --begin;
    }
    std::string word = m_out.substr(begin, last - begin);
    std::ranges::transform(word, word.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return word;
  }

  /// Whether the number is a name: of a status, an error.
  bool is_told_apart() const {
    const std::string word = word_before();
    return word.ends_with("status") || word.ends_with("code") || word == "signal" ||
           word.ends_with("errno") || word == "http" || word == "exit" || word == "exited";
  }

  /// `begin` is the slash; `<path>/name`, and the line behind it.
  void path(std::size_t begin) {
    std::size_t end = begin;
    while (end < m_text.size() && is_of_path(m_text[end])) {
      ++end;
    }
    while (end > begin + 1 && (m_text[end - 1] == '.' || m_text[end - 1] == '/')) {
      --end; // of the sentence
    }
    const std::string_view all = m_text.substr(begin, end - begin);
    if (m_in_url || !is_file_path(all)) {
      keep(1);
      return;
    }
    named_file(all.substr(stable_part(all)), end);
  }

  /// Where the part of a path begins that is the same in every checkout: the file's name, or its place in
  /// what a package manager has installed, where many files have one name.
  static std::size_t stable_part(std::string_view path) {
    for (const std::string_view directory : {"/node_modules/", "/site-packages/", "/dist-packages/"}) {
      if (const std::size_t at = path.rfind(directory); at != std::string_view::npos) {
        return at + 1;
      }
    }
    return path.rfind('/') + 1;
  }

  void windows_path() {
    std::size_t end = m_at + 2;
    while (end < m_text.size() && (is_of_path(m_text[end]) || m_text[end] == '\\')) {
      ++end;
    }
    const std::string_view all = m_text.substr(m_at, end - m_at);
    named_file(all.substr(all.find_last_of("/\\") + 1), end);
  }

  void named_file(std::string_view name, std::size_t end) {
    m_out += "<path>/";
    for (std::size_t begin = 0; begin < name.size();) { // each directory is a name of its own
      const std::size_t slash = std::min(name.find('/', begin), name.size() - 1);
      m_out += Normaliser(name.substr(begin, slash - begin + 1), m_numbers).run();
      begin = slash + 1;
    }
    m_at = end;
  }

  std::string_view m_text;
  Numbers m_numbers;
  LinePart m_expected;
  std::size_t m_at = 0;
  std::string m_out;
  bool m_in_url = false;
};

/// These lines, normalised, as one.
std::string joined(std::span<const TellingLine> lines, Numbers numbers) {
  std::vector<std::string_view> texts;
  std::ranges::transform(lines, std::back_inserter(texts), &TellingLine::text);
  const std::vector<bool> expected = expected_lines(texts);
  std::string all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const LinePart part = expected[i] ? LinePart{0, texts[i].size()} : expected_part(texts[i]);
    all += (all.empty() ? "" : " | ") + Normaliser(texts[i], numbers, part).run();
  }
  return all.size() <= k_message_limit
             ? all
             : fmt::format("{}… #{}", trim(first_bytes(all, k_message_limit)), fingerprint(all).substr(0, 8));
}

/// Whether another error begins here, `AssertionError: …`, and no cause of the one before it.
bool begins_error(std::string_view line) {
  const std::string_view name = line.substr(0, line.find(' '));
  return name.ends_with(':') && name.front() >= 'A' && name.front() <= 'Z' && name != "Suppressed:";
}

} // namespace

std::string normalise_line(std::string_view line, Numbers numbers) {
  const std::string text = one_space(printable(strip_ansi(line)));
  return Normaliser(text, numbers, expected_part(text)).run();
}

std::string normalise_message(std::string_view message, Numbers numbers) {
  return joined(telling_lines(message), numbers);
}

std::vector<std::string> message_parts(std::string_view message) {
  const std::vector<TellingLine> lines = telling_lines(message);
  const std::span<const TellingLine> all(lines);
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= lines.size(); ++i) {
    const bool chained = i < lines.size() && (lines[i - 1].text.ends_with("another exception occurred:") ||
                                              lines[i - 1].text.ends_with("the following exception:"));
    if (i == lines.size() || (lines[i].behind_stack && !chained && begins_error(lines[i].text))) {
      parts.push_back(joined(all.subspan(begin, i - begin), Numbers::kept));
      begin = i;
    }
  }
  return parts;
}

std::size_t substance(std::string_view normalised) {
  std::size_t count = 0;
  bool inside = false;
  for (std::size_t i = 0; i < normalised.size(); ++i) {
    if (normalised[i] == '<') {
      const std::size_t length = run_of(normalised, i + 1, is_letter);
      inside = length > 0 && normalised.substr(i + 1 + length, 1) == ">";
    }
    count +=
        !inside && (is_alnum(normalised[i]) || static_cast<unsigned char>(normalised[i]) >= 0x80) ? 1 : 0;
    inside = inside && normalised[i] != '>';
  }
  return count;
}

} // namespace ctest_matrix
