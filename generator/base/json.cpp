#include "base/json.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
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

/// Where a text is read, for the places of problems: nlohmann tells the places of errors only.
class Cursor {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, const char** seen) : m_at(at), m_seen(seen) {}

  reference operator*() const { return *m_at; }

  Cursor& operator++() {
    *m_seen = ++m_at;
    return *this;
  }

  Cursor operator++(int) {
    const Cursor before = *this;
    ++*this;
    return before;
  }

  friend bool operator==(const Cursor& left, const Cursor& right) { return left.m_at == right.m_at; }

private:
  const char* m_at;
  const char** m_seen; ///< behind the last character that was read
};

/// Builds a value from what nlohmann's parser reads. Each function returns whether to go on; the first that
/// does not says why in the problem.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
  Builder(std::string_view text, const JsonRules& rules, JsonProblem& problem)
      : m_text(text), m_seen(text.data()), m_rules(rules), m_problem(problem) {}

  bool read(Json& json) {
    if (const std::size_t nul = m_text.find('\0'); nul != std::string_view::npos) {
      m_problem = {JsonProblem::Kind::syntax, nul, ""}; // nlohmann takes it for the end
      return false;
    }
    const char* const end = m_text.data() + m_text.size();
    const bool good = nlohmann::json::sax_parse(Cursor(m_text.data(), &m_seen), Cursor(end, &m_seen), this);
    json = std::move(m_root);
    return good;
  }

  bool null() override { return add(Json()); }

  bool boolean(bool value) override { return add(Json(value)); }

  bool number_integer(number_integer_t value) override { return add(Json(value)); }

  bool number_unsigned(number_unsigned_t value) override {
    return add(std::in_range<std::int64_t>(value) ? Json(value) : Json(static_cast<double>(value)));
  }

  bool number_float(number_float_t value, const string_t&) override { return add(Json(value)); }

  bool string(string_t& value) override { return add(Json(std::move(value))); }

  bool binary(binary_t&) override { return false; } // JSON has none

  bool start_object(std::size_t) override { return open(Json(Json::Object())); }

  bool key(string_t& value) override {
    m_open.back().key = std::move(value);
    return true;
  }

  bool end_object() override {
    Open done = close();
    return unite(*done.value.as_object(), done.begin) && add(std::move(done.value));
  }

  bool start_array(std::size_t) override { return open(Json(Json::Array())); }

  bool end_array() override { return add(std::move(close().value)); }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& error) override {
    const bool range = dynamic_cast<const nlohmann::json::out_of_range*>(&error) != nullptr;
    const std::size_t offset = position == 0 ? 0 : position - 1;
    if (range) {
      m_problem = {JsonProblem::Kind::number_too_large, position - token.size(), ""};
    } else if (offset >= m_text.size()) {
      m_problem = {JsonProblem::Kind::ends_early, m_text.size(), ""};
    } else {
      m_problem = {JsonProblem::Kind::syntax, offset, ""};
    }
    return false;
  }

private:
  /// An array or object whose end has not been read.
  struct Open {
    Json value;
    std::string key;       ///< of an object's next value
    std::size_t begin = 0; ///< bytes
  };

  bool open(Json value) {
    const auto begin = static_cast<std::size_t>(m_seen - m_text.data()) - 1;
    if (m_open.size() >= static_cast<std::size_t>(m_rules.max_depth)) {
      m_problem = {JsonProblem::Kind::too_deep, begin, ""};
      return false;
    }
    m_open.push_back({.value = std::move(value), .key = "", .begin = begin});
    return true;
  }

  Open close() {
    Open done = std::move(m_open.back());
    m_open.pop_back();
    return done;
  }

  bool add(Json value) {
    if (m_open.empty()) {
      m_root = std::move(value);
    } else if (Json::Array* const items = m_open.back().value.as_array()) {
      items->push_back(std::move(value));
    } else {
      m_open.back().value.as_object()->push_back({std::move(m_open.back().key), std::move(value)});
    }
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

  std::string_view m_text;
  const char* m_seen;
  const JsonRules& m_rules;
  JsonProblem& m_problem;
  std::vector<Open> m_open;
  Json m_root;
};

/// The four hexadecimal digits behind a `\u` at this place; nothing where there is none.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  unsigned code = 0;
  if (text.substr(at, 2) != "\\u" || text.size() < at + 6) {
    return std::nullopt;
  }
  const char* const end = text.data() + at + 6;
  const auto read = std::from_chars(text.data() + at + 2, end, code, 16);
  return read.ec == std::errc() && read.ptr == end ? std::optional(code) : std::nullopt;
}

/// The text with `\ufffd` for each half of a surrogate pair, which nlohmann refuses.
std::string without_lone_surrogates(std::string_view text) {
  std::string whole(text);
  for (std::size_t at = whole.find('\\'); at != std::string::npos; at = whole.find('\\', at)) {
    const auto unit = escaped_unit(whole, at);
    if (!unit || *unit < 0xD800 || *unit > 0xDFFF) {
      at += 2;
      continue;
    }
    const auto low = escaped_unit(whole, at + 6);
    if (*unit < 0xDC00 && low && *low >= 0xDC00 && *low <= 0xDFFF) {
      at += 12;
      continue;
    }
    whole.replace(at, 6, "\\ufffd");
    at += 6;
  }
  return whole;
}

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
  if (rules.lone_surrogate == JsonRules::LoneSurrogate::replaced) {
    JsonRules rest = rules;
    rest.lone_surrogate = JsonRules::LoneSurrogate::refused;
    return parse_json(without_lone_surrogates(text), rest, problem);
  }
  Json json;
  return Builder(text, rules, problem).read(json) ? std::optional(std::move(json)) : std::nullopt;
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
  while (true) {
    const std::size_t plain =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    m_text.append(text, 0, plain);
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
