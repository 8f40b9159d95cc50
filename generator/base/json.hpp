// JSON: one value type, its strict parser (RFC 8259) and its writer. Knows no format: what a struct looks
// like in JSON is said with base/json_fields.hpp.
#pragma once

#include "base/result.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ctest_matrix {

/// A JSON value. Objects keep the order of their members.
class Json {
public:
  struct Member;
  struct Field;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;

  /// null
  Json() = default;

  Json(std::nullptr_t) {}

  template <std::same_as<bool> Bool>
  Json(Bool value) : m_value(value) {}

  template <std::integral Integer>

  requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) Json(Integer value)
      : m_value(static_cast<std::int64_t>(value)) {}

  Json(double value) : m_value(value) {}

  Json(std::string value) : m_value(std::move(value)) {}

  Json(std::string_view value) : m_value(std::string(value)) {}

  Json(const char* value) : m_value(std::string(value)) {}

  Json(Array items) : m_value(std::move(items)) {}

  Json(Object members);
  Json(const std::vector<std::string>& texts);

  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();

  /// `Json::object({{"name", name}, {"line", 3}})`; the keys differ.
  static Json object(std::initializer_list<Field> fields = {});

  /// `Json::array({name, 3})`
  static Json array(std::initializer_list<Json> items = {});

  bool is_null() const { return std::holds_alternative<std::monostate>(m_value); }

  bool is_object() const { return as_object() != nullptr; }

  bool is_array() const { return as_array() != nullptr; }

  std::optional<bool> as_bool() const;
  /// An integer that 64 bits with a sign hold. `1.0` and larger ones are numbers, not integers.
  std::optional<std::int64_t> as_integer() const;
  /// Any number.
  std::optional<double> as_number() const;

  /// Null for a value of another type, as the next two.
  const std::string* as_string() const { return std::get_if<std::string>(&m_value); }

  std::string* as_string() { return std::get_if<std::string>(&m_value); }

  const Array* as_array() const { return std::get_if<Array>(&m_value); }

  Array* as_array() { return std::get_if<Array>(&m_value); }

  const Object* as_object() const { return std::get_if<Object>(&m_value); }

  Object* as_object() { return std::get_if<Object>(&m_value); }

  bool bool_or(bool fallback) const { return as_bool().value_or(fallback); }

  std::int64_t integer_or(std::int64_t fallback) const { return as_integer().value_or(fallback); }

  double number_or(double fallback) const { return as_number().value_or(fallback); }

  std::string string_or(std::string_view fallback) const;

  /// The items of an array; none of anything else.
  std::span<const Json> items() const;

  /// The members of an object; none of anything else.
  std::span<const Member> members() const;

  /// How many items or members there are.
  std::size_t size() const;

  /// The member of an object with this key; null when there is none, and for what is no object.
  const Json* find(std::string_view key) const;

  /// As `find` and the item of an array; a JSON null where there is nothing, so that look-ups can be chained.
  const Json& operator[](std::string_view key) const;

  const Json& operator[](const char* key) const { return (*this)[std::string_view(key)]; }

  template <std::integral Index>
  const Json& operator[](Index index) const {
    return item(static_cast<std::size_t>(index));
  }

  /// Sets a member of an object, which null becomes; returns the value.
  Json& set(std::string_view key, Json value);

  /// Removes a member, if there is one of this key.
  void erase(std::string_view key);

  /// Appends to an array, which null becomes.
  void push_back(Json value);

  /// The text of the value: on one line, or with `indent` spaces per level when that is not negative. Each
  /// byte that is not UTF-8 becomes U+FFFD, a number that JSON cannot say becomes null.
  std::string dump(int indent = -1) const;

  /// What people call the type: "a string", "an integer", "null".
  std::string_view type_name() const;

  friend bool operator==(const Json& left, const Json& right);

private:
  const Json& item(std::size_t index) const;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> m_value;
};

struct Json::Member {
  std::string key;
  Json value;

  friend bool operator==(const Member& left, const Member& right) {
    return left.key == right.key && left.value == right.value;
  }
};

/// A member for `Json::object()`; its value is moved, which an initializer list does not do by itself.
struct Json::Field {
  std::string_view key;
  mutable Json value;
};

/// How strict the parser is. It always refuses what is not UTF-8, and anything behind the value.
struct JsonRules {
  enum class Twice { refused, last_counts };
  enum class LoneSurrogate { refused, replaced };

  int max_depth = 64;                                    ///< of arrays and objects in each other
  Twice twice = Twice::refused;                          ///< a key that an object has twice
  LoneSurrogate lone_surrogate = LoneSurrogate::refused; ///< half of a `\ud83d\ude00`; U+FFFD instead
};

/// Why a text is no JSON value.
struct JsonProblem {
  enum class Kind { syntax, ends_early, too_deep, number_too_large, key_twice };

  Kind kind = Kind::syntax;
  std::size_t offset = 0; ///< of the first byte that is wrong, or of the object with the key
  std::string key;        ///< the one that is there twice

  /// `not JSON at byte 12 (line 3): the text ends too early`
  std::string words(std::string_view text) const;
};

/// The value that the text is; nothing and, in `problem`, the reason when it is none.
std::optional<Json> parse_json(std::string_view text, const JsonRules& rules, JsonProblem& problem);

/// As above. Error (input): the words of the problem.
Result<Json> parse_json(std::string_view text, const JsonRules& rules = {});

/// Writes a JSON text piece by piece, without a value in between.
class JsonWriter {
public:
  /// As `Json::dump`.
  explicit JsonWriter(int indent = -1) : m_indent(indent) { m_text.reserve(512); }

  void begin_object() { begin('{'); }

  void end_object() { end('}'); }

  void begin_array() { begin('['); }

  void end_array() { end(']'); }

  /// The key of the next value.
  void key(std::string_view key);

  void null();
  void boolean(bool value);
  void integer(std::int64_t value);
  void number(double value);
  void string(std::string_view value);
  void json(const Json& value);

  std::string take() { return std::move(m_text); }

private:
  void begin(char bracket);
  void end(char bracket);
  /// What stands before a key or a value.
  void separate();
  void new_line();
  void quote(std::string_view text);

  std::string m_text;
  int m_indent;
  int m_depth = 0;
  bool m_first = true; ///< nothing stands in the innermost array or object yet
  bool m_after_key = false;
};

} // namespace ctest_matrix
