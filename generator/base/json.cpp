#include "base/json.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <map>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD"; // U+FFFD

/// The bytes that stand for themselves in a string: printable ASCII but `"` and `\`.
constexpr std::array<bool, 256> k_plain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) {
    plain[c] = c != '"' && c != '\\';
  }
  return plain;
}();

bool is_plain(char c) {
  return k_plain[static_cast<unsigned char>(c)];
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::string& text, unsigned code) {
  const auto add = [&](unsigned byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | (code >> 6U));
    add(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    add(0xE0U | (code >> 12U));
    add(0x80U | ((code >> 6U) & 0x3FU));
    add(0x80U | (code & 0x3FU));
  } else {
    add(0xF0U | (code >> 18U));
    add(0x80U | ((code >> 12U) & 0x3FU));
    add(0x80U | ((code >> 6U) & 0x3FU));
    add(0x80U | (code & 0x3FU));
  }
}

/// A key that is there twice; null when all differ.
const std::string* find_twice(const Json::Object& members) {
  constexpr std::size_t k_few = 24;
  if (members.size() <= k_few) { // sorting would cost more
    for (std::size_t i = 1; i < members.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (members[k].key == members[i].key) {
          return &members[i].key;
        }
      }
    }
    return nullptr;
  }
  std::vector<const std::string*> keys;
  std::ranges::transform(members, std::back_inserter(keys),
                         [](const Json::Member& member) { return &member.key; });
  const auto text = [](const std::string* key) -> const std::string& { return *key; };
  std::ranges::sort(keys, {}, text);
  const auto twice = std::ranges::adjacent_find(keys, {}, text);
  return twice == keys.end() ? nullptr : *twice;
}

/// Reads one value by recursive descent. Each function returns whether it could; the first that could not
/// says why in `m_problem`.
class Parser {
public:
  Parser(std::string_view text, const JsonRules& rules, JsonProblem& problem)
      : m_text(text), m_rules(rules), m_problem(problem) {}

  bool document(Json& json) {
    if (m_text.starts_with("\xEF\xBB\xBF")) { // a byte order mark
      m_at = 3;
    }
    skip_space();
    if (!value(json)) {
      return false;
    }
    skip_space();
    return m_at == m_text.size() || fail(JsonProblem::Kind::syntax);
  }

private:
  bool fail(JsonProblem::Kind kind, std::size_t offset) {
    m_problem = {kind, offset, ""};
    return false;
  }

  /// At the byte that is next.
  bool fail(JsonProblem::Kind kind) {
    const bool ends = kind == JsonProblem::Kind::syntax && m_at >= m_text.size();
    return fail(ends ? JsonProblem::Kind::ends_early : kind, m_at);
  }

  /// NUL, which no rule accepts outside of a string, stands for the end.
  char next() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

  bool accept(char c) {
    if (next() != c) {
      return false;
    }
    ++m_at;
    return true;
  }

  bool expect(char c) { return accept(c) || fail(JsonProblem::Kind::syntax); }

  void skip_space() {
    while (next() == ' ' || next() == '\n' || next() == '\t' || next() == '\r') {
      ++m_at;
    }
  }

  bool value(Json& json) {
    switch (next()) {
    case '{':
      return nested([&] { return object(json); });
    case '[':
      return nested([&] { return array(json); });
    case '"': {
      std::string text;
      if (!string(text)) {
        return false;
      }
      json = Json(std::move(text));
      return true;
    }
    case 't':
      json = Json(true);
      return word("true");
    case 'f':
      json = Json(false);
      return word("false");
    case 'n':
      json = Json();
      return word("null");
    default:
      return number(json);
    }
  }

  bool word(std::string_view word) {
    return std::ranges::all_of(word, [&](char c) { return expect(c); });
  }

  template <typename Read>
  bool nested(Read read) {
    if (++m_depth > m_rules.max_depth) {
      return fail(JsonProblem::Kind::too_deep);
    }
    const bool good = read();
    --m_depth;
    return good;
  }

  bool array(Json& json) {
    Json::Array items;
    ++m_at;
    skip_space();
    if (!accept(']')) {
      do {
        skip_space();
        if (!value(items.emplace_back())) {
          return false;
        }
        skip_space();
      } while (accept(','));
      if (!expect(']')) {
        return false;
      }
    }
    json = Json(std::move(items));
    return true;
  }

  bool object(Json& json) {
    const std::size_t begin = m_at;
    Json::Object members;
    ++m_at;
    skip_space();
    if (!accept('}')) {
      do {
        skip_space();
        Json::Member& member = members.emplace_back();
        if (next() != '"') {
          return fail(JsonProblem::Kind::syntax);
        }
        if (!string(member.key)) {
          return false;
        }
        skip_space();
        if (!expect(':')) {
          return false;
        }
        skip_space();
        if (!value(member.value)) {
          return false;
        }
        skip_space();
      } while (accept(','));
      if (!expect('}')) {
        return false;
      }
    }
    if (!unite(members, begin)) {
      return false;
    }
    json = Json(std::move(members));
    return true;
  }

  /// Refuses a key that is there twice, or keeps its last value at the place of the first.
  bool unite(Json::Object& members, std::size_t begin) {
    const std::string* const twice = find_twice(members);
    if (twice == nullptr) {
      return true;
    }
    if (m_rules.twice == JsonRules::Twice::refused) {
      m_problem = {JsonProblem::Kind::key_twice, begin, *twice};
      return false;
    }
    Json::Object united;
    std::map<std::string, std::size_t> places;
    for (Json::Member& member : members) {
      const auto [place, is_new] = places.emplace(member.key, united.size());
      if (is_new) {
        united.push_back(std::move(member));
      } else {
        united[place->second].value = std::move(member.value);
      }
    }
    members = std::move(united);
    return true;
  }

  bool string(std::string& text) {
    ++m_at;
    for (;;) {
      const std::size_t begin = m_at;
      while (m_at < m_text.size() && is_plain(m_text[m_at])) {
        ++m_at;
      }
      text.append(m_text, begin, m_at - begin);
      if (accept('"')) {
        return true;
      }
      if (accept('\\')) {
        if (!escape(text)) {
          return false;
        }
        continue;
      }
      const std::size_t length = next() < 0 ? utf8_length(m_text.substr(m_at)) : 0;
      if (length == 0) {
        return fail(JsonProblem::Kind::syntax);
      }
      text.append(m_text, m_at, length);
      m_at += length;
    }
  }

  bool escape(std::string& text) {
    constexpr std::string_view k_names = "\"\\/bfnrt";
    constexpr std::string_view k_meanings = "\"\\/\b\f\n\r\t";
    if (const std::size_t known = k_names.find(next()); known != std::string_view::npos) {
      text += k_meanings[known];
      ++m_at;
      return true;
    }
    const std::size_t begin = m_at - 1;
    unsigned code = 0;
    if (!accept('u') || !hexadecimal(code)) {
      return fail(JsonProblem::Kind::syntax);
    }
    if (code >= 0xD800 && code <= 0xDFFF) {
      const std::size_t end = m_at;
      unsigned low = 0;
      if (code < 0xDC00 && accept('\\') && accept('u') && hexadecimal(low) && low >= 0xDC00 &&
          low <= 0xDFFF) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
      } else if (m_rules.lone_surrogate == JsonRules::LoneSurrogate::replaced) {
        m_at = end;
        code = 0xFFFD;
      } else {
        return fail(JsonProblem::Kind::syntax, begin);
      }
    }
    append_utf8(text, code);
    return true;
  }

  /// Four digits.
  bool hexadecimal(unsigned& code) {
    code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = next();
      const char lower = static_cast<char>(c | 0x20);
      if (is_digit(c)) {
        code = code * 16 + static_cast<unsigned>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        code = code * 16 + static_cast<unsigned>(lower - 'a' + 10);
      } else {
        return false;
      }
      ++m_at;
    }
    return true;
  }

  bool digits() {
    if (!is_digit(next())) {
      return fail(JsonProblem::Kind::syntax);
    }
    while (is_digit(next())) {
      ++m_at;
    }
    return true;
  }

  bool number(Json& json) {
    const std::size_t begin = m_at;
    bool whole = true;
    accept('-');
    if (!accept('0') && !digits()) {
      return false;
    }
    if (accept('.')) {
      whole = false;
      if (!digits()) {
        return false;
      }
    }
    if (next() == 'e' || next() == 'E') {
      whole = false;
      ++m_at;
      if (next() == '+' || next() == '-') {
        ++m_at;
      }
      if (!digits()) {
        return false;
      }
    }
    const std::string_view text = m_text.substr(begin, m_at - begin);
    std::int64_t integer = 0;
    if (whole && std::from_chars(text.data(), text.data() + text.size(), integer).ec == std::errc()) {
      json = Json(integer);
      return true;
    }
    const double number = std::strtod(std::string(text).c_str(), nullptr);
    json = Json(number);
    return std::isfinite(number) || fail(JsonProblem::Kind::number_too_large, begin);
  }

  std::string_view m_text;
  const JsonRules& m_rules;
  JsonProblem& m_problem;
  std::size_t m_at = 0;
  int m_depth = 0;
};

constinit const Json k_null;

} // namespace

Json::Json(Object members) : m_value(std::move(members)) {}

Json::Json(const std::vector<std::string>& texts) : m_value(Array(texts.begin(), texts.end())) {}

Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json Json::object(std::initializer_list<Field> fields) {
  Object members;
  members.reserve(fields.size());
  for (const Field& field : fields) {
    members.push_back({std::string(field.key), std::move(field.value)});
  }
  return members;
}

Json Json::array(std::initializer_list<Json> items) {
  return Array(items);
}

std::optional<bool> Json::as_bool() const {
  const bool* const value = std::get_if<bool>(&m_value);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Json::as_integer() const {
  const std::int64_t* const value = std::get_if<std::int64_t>(&m_value);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<double> Json::as_number() const {
  if (const double* const value = std::get_if<double>(&m_value)) {
    return *value;
  }
  const std::optional<std::int64_t> integer = as_integer();
  return integer ? std::optional(static_cast<double>(*integer)) : std::nullopt;
}

std::string Json::string_or(std::string_view fallback) const {
  const std::string* const value = as_string();
  return value != nullptr ? *value : std::string(fallback);
}

std::span<const Json> Json::items() const {
  const Array* const items = as_array();
  return items != nullptr ? std::span<const Json>(*items) : std::span<const Json>();
}

std::span<const Json::Member> Json::members() const {
  const Object* const members = as_object();
  return members != nullptr ? std::span<const Member>(*members) : std::span<const Member>();
}

std::size_t Json::size() const {
  return items().size() + members().size();
}

const Json* Json::find(std::string_view key) const {
  const std::span<const Member> all = members();
  const auto found = std::ranges::find(all, key, &Member::key);
  return found == all.end() ? nullptr : &found->value;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* const found = find(key);
  return found != nullptr ? *found : k_null;
}

const Json& Json::item(std::size_t index) const {
  return index < items().size() ? items()[index] : k_null;
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) {
    m_value = Object();
  }
  Object& all = std::get<Object>(m_value);
  const auto found = std::ranges::find(all, key, &Member::key);
  if (found != all.end()) {
    return found->value = std::move(value);
  }
  all.push_back({std::string(key), std::move(value)});
  return all.back().value;
}

void Json::erase(std::string_view key) {
  if (Object* const all = as_object()) {
    std::erase_if(*all, [&](const Member& member) { return member.key == key; });
  }
}

void Json::push_back(Json value) {
  if (is_null()) {
    m_value = Array();
  }
  std::get<Array>(m_value).push_back(std::move(value));
}

std::string Json::dump(int indent) const {
  JsonWriter writer(indent);
  writer.json(*this);
  return writer.take();
}

std::string_view Json::type_name() const {
  constexpr std::string_view k_names[] = {"null",     "true or false", "an integer", "a number",
                                          "a string", "an array",      "an object"};
  return k_names[m_value.index()];
}

bool operator==(const Json& left, const Json& right) {
  return left.m_value == right.m_value;
}

std::string JsonProblem::words(std::string_view text) const {
  const std::string place = place_of_byte(text, offset);
  switch (kind) {
  case Kind::syntax:
    return fmt::format("not JSON at {}", place);
  case Kind::ends_early:
    return fmt::format("not JSON at {}: the text ends too early", place);
  case Kind::too_deep:
    return fmt::format("nested too deep at {}", place);
  case Kind::number_too_large:
    return fmt::format("the number at {} is out of range", place);
  case Kind::key_twice:
    break;
  }
  return fmt::format("the key '{}' is there twice in the object at {}", printable(key), place);
}

std::optional<Json> parse_json(std::string_view text, const JsonRules& rules, JsonProblem& problem) {
  Json json;
  return Parser(text, rules, problem).document(json) ? std::optional(std::move(json)) : std::nullopt;
}

Result<Json> parse_json(std::string_view text, const JsonRules& rules) {
  JsonProblem problem;
  std::optional<Json> json = parse_json(text, rules, problem);
  return json ? Result<Json>(std::move(*json)) : Error{ExitCode::input, problem.words(text)};
}

void JsonWriter::begin(char bracket) {
  separate();
  m_text += bracket;
  ++m_depth;
  m_first = true;
}

void JsonWriter::end(char bracket) {
  --m_depth;
  if (!m_first) {
    new_line();
  }
  m_text += bracket;
  m_first = false;
}

void JsonWriter::separate() {
  if (std::exchange(m_after_key, false)) {
    return;
  }
  if (!m_first) {
    m_text += ',';
  }
  if (m_depth > 0) {
    new_line();
  }
  m_first = false;
}

void JsonWriter::new_line() {
  if (m_indent >= 0) {
    m_text += '\n';
    m_text.append(static_cast<std::size_t>(m_depth) * static_cast<std::size_t>(m_indent), ' ');
  }
}

void JsonWriter::key(std::string_view key) {
  separate();
  quote(key);
  m_text += m_indent >= 0 ? ": " : ":";
  m_after_key = true;
}

void JsonWriter::null() {
  separate();
  m_text += "null";
}

void JsonWriter::boolean(bool value) {
  separate();
  m_text += value ? "true" : "false";
}

void JsonWriter::integer(std::int64_t value) {
  separate();
  std::array<char, 24> digits{};
  m_text.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
}

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) {
    null();
    return;
  }
  separate();
  const std::string text = fmt::format("{}", value);
  m_text += text;
  if (text.find_first_not_of("-0123456789") == std::string::npos) {
    m_text += ".0"; // remains a number that is no integer
  }
}

void JsonWriter::string(std::string_view value) {
  separate();
  quote(value);
}

void JsonWriter::json(const Json& value) {
  if (const std::string* const text = value.as_string()) {
    string(*text);
  } else if (const auto* const items = value.as_array()) {
    begin_array();
    for (const Json& item : *items) {
      json(item);
    }
    end_array();
  } else if (const auto* const members = value.as_object()) {
    begin_object();
    for (const Json::Member& member : *members) {
      key(member.key);
      json(member.value);
    }
    end_object();
  } else if (const auto flag = value.as_bool()) {
    boolean(*flag);
  } else if (const auto whole = value.as_integer()) {
    integer(*whole);
  } else if (const auto any = value.as_number()) {
    number(*any);
  } else {
    null();
  }
}

void JsonWriter::quote(std::string_view text) {
  constexpr std::string_view k_meanings = "\"\\\b\f\n\r\t";
  constexpr std::string_view k_names = "\"\\bfnrt";
  m_text += '"';
  while (!text.empty()) {
    const std::size_t plain =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    m_text += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) {
      break;
    }
    std::size_t length = 1;
    if (const std::size_t known = k_meanings.find(text.front()); known != std::string_view::npos) {
      m_text += '\\';
      m_text += k_names[known];
    } else if (text.front() >= 0) {
      m_text += fmt::format("\\u{:04x}", static_cast<unsigned>(text.front()));
    } else if (const std::size_t sequence = utf8_length(text); sequence > 0) {
      length = sequence;
      m_text += text.substr(0, length);
    } else {
      m_text += k_replacement;
    }
    text.remove_prefix(length);
  }
  m_text += '"';
}

} // namespace ctest_matrix
