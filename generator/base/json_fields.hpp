// One description of a struct's JSON, used for writing and for reading:
//
//   template <typename Archive>
//   void fields(Archive& archive, Service& service) { // in the struct's namespace, not in an unnamed one
//     archive("name", service.name);
//     archive.if_set("locks", service.locks);
//   }
//
//   const std::string text = to_json(service);
//   Result<Service> read = from_json<Service>(text);
//
// Known without a description: bool, integers, double, strings, paths, milliseconds and points in time (both
// as an integer), optionals (null), pairs (an array of two), ranges (arrays), std::map with text keys (an
// object), Json. Said elsewhere: `elements` (a struct as an array of fixed length), `JsonForm` (a type as
// another one), `k_json_names` and `k_json_last` (enums).
#pragma once

#include "base/clock.hpp"
#include "base/json.hpp"

#include <filesystem>
#include <map>
#include <ranges>
#include <type_traits>

namespace ctest_matrix {

/// A type that is written as another: `static Form to(const T&)` and `static std::optional<T> from(Form)`,
/// which gives nothing for what is no T. A view that `to` returns is read as std::string.
template <typename T>
struct JsonForm;

/// The names of an enum's values, as an array of pairs of text and value; an enum without is written as its
/// number.
template <typename Enum>
inline constexpr std::nullptr_t k_json_names = nullptr;

/// The last value of an enum that is written as its number; the first is 0.
template <typename Enum>
inline constexpr std::nullptr_t k_json_last = nullptr;

/// The first thing that stood in the way of reading a value, and where.
class JsonMisfit {
public:
  explicit operator bool() const { return !m_what.empty(); }

  // What is wrong, said once; always false, so that a reader can return it.
  bool expected(std::string_view what, const Json& got);
  bool expected_value(std::string_view expected, std::string_view got);
  bool expected_array_of(std::size_t size, const Json& got);
  bool missing(std::string_view key);
  bool unknown(std::string_view name);
  bool out_of_range(std::int64_t number);
  bool illegal();

  // Where it is, from the inside to the outside.
  void within(std::string_view key);
  void within(std::size_t index);

  /// `services[0].name: expected a string, got null`
  std::string words() const;

private:
  bool say(std::string what);

  std::string m_where;
  std::string m_what;
};

/// The member of an object; looks first where the last one was found, as members are mostly read in their
/// order.
Json* find_member(Json::Object& members, std::string_view key, std::size_t& hint);

namespace json_detail {

template <typename T>
concept HasForm = requires(const T& value) {
  JsonForm<T>::to(value);
};

template <typename T, template <typename...> class Template>
constexpr bool is_a = false;
template <typename... Parts, template <typename...> class Template>
constexpr bool is_a<Template<Parts...>, Template> = true;

template <typename T>
constexpr bool is_text_map = false;
template <typename... Parts>
constexpr bool is_text_map<std::map<std::string, Parts...>> = true;

template <typename T>
constexpr bool is_duration = false;
template <typename... Parts>
constexpr bool is_duration<std::chrono::duration<Parts...>> = true;

template <typename T>
constexpr bool is_time_point = false;
template <typename... Parts>
constexpr bool is_time_point<std::chrono::time_point<Parts...>> = true;

template <typename T>
constexpr bool has_names = !std::is_same_v<decltype(k_json_names<T>), const std::nullptr_t>;
template <typename T>
constexpr bool has_last = !std::is_same_v<decltype(k_json_last<T>), const std::nullptr_t>;

template <typename T>
using Form = std::remove_cvref_t<decltype(JsonForm<T>::to(std::declval<const T&>()))>;
template <typename T>
using ReadForm = std::conditional_t<std::is_same_v<Form<T>, std::string_view>, std::string, Form<T>>;

} // namespace json_detail

template <typename T>
void write_json(JsonWriter& writer, const T& value);

/// The JSON text of a value; `indent` as in `Json::dump`.
template <typename T>
std::string to_json(const T& value, int indent = -1);

/// False with the reason in `misfit`; texts are moved out of the JSON.
template <typename T>
bool read_json(Json& json, T& value, JsonMisfit& misfit);

/// The archive that writes.
class FieldWriter {
public:
  static constexpr bool reading = false;

  explicit FieldWriter(JsonWriter& writer) : m_writer(writer) {}

  /// A member that is always there.
  template <typename T>
  void operator()(std::string_view key, const T& value) {
    m_writer.key(key);
    write_json(m_writer, value);
  }

  /// A member that is there only when it says something else than T().
  template <typename T>
  void if_set(std::string_view key, const T& value) {
    if constexpr (requires { value.empty(); }) {
      if (!value.empty()) {
        (*this)(key, value);
      }
    } else if (value != T()) {
      (*this)(key, value);
    }
  }

  /// A member that is always written, and that older texts lack.
  template <typename T>
  void may_lack(std::string_view key, const T& value) {
    (*this)(key, value);
  }

  /// A member that always has this value; another one is refused.
  template <typename T>
  void constant(std::string_view key, const T& value) {
    (*this)(key, value);
  }

  /// Pairs of a text and a value as an object.
  template <typename T>
  void as_object(std::string_view key, const std::vector<std::pair<std::string, T>>& pairs) {
    m_writer.key(key);
    m_writer.begin_object();
    for (const auto& [name, value] : pairs) {
      (*this)(name, value);
    }
    m_writer.end_object();
  }

private:
  JsonWriter& m_writer;
};

/// The archive that reads. After the first misfit nothing more is read.
class FieldReader {
public:
  static constexpr bool reading = true;

  FieldReader(Json::Object& members, JsonMisfit& misfit) : m_members(members), m_misfit(misfit) {}

  template <typename T>
  void operator()(std::string_view key, T& value) {
    if (Json* const json = find(key)) {
      read(*json, key, value);
    } else if (!m_misfit) {
      m_misfit.missing(key);
    }
  }

  template <typename T>
  void may_lack(std::string_view key, T& value) {
    if (Json* const json = find(key)) {
      read(*json, key, value);
    }
  }

  template <typename T>
  void if_set(std::string_view key, T& value) {
    may_lack(key, value);
  }

  template <typename T>
  void constant(std::string_view key, const T& expected) {
    T value{};
    (*this)(key, value);
    if (!m_misfit && value != expected) {
      m_misfit.expected_value(to_json(expected), to_json(value));
      m_misfit.within(key);
    }
  }

  template <typename T>
  void as_object(std::string_view key, std::vector<std::pair<std::string, T>>& pairs) {
    Json json;
    (*this)(key, json);
    if (m_misfit) {
      return;
    }
    Json::Object* const members = json.as_object();
    if (members == nullptr) {
      m_misfit.expected("an object", json);
    }
    for (std::size_t i = 0; members != nullptr && i < members->size() && !m_misfit; ++i) {
      Json::Member& member = (*members)[i];
      T value{};
      read(member.value, member.key, value);
      pairs.emplace_back(std::move(member.key), std::move(value));
    }
    if (m_misfit) {
      m_misfit.within(key);
    }
  }

private:
  Json* find(std::string_view key) { return m_misfit ? nullptr : find_member(m_members, key, m_hint); }

  template <typename T>
  void read(Json& json, std::string_view key, T& value) {
    if (!read_json(json, value, m_misfit)) {
      m_misfit.within(key);
    }
  }

  Json::Object& m_members;
  JsonMisfit& m_misfit;
  std::size_t m_hint = 0;
};

/// The archive of `elements` that writes: `archive(cell.name, cell.axes);`, once.
class ElementWriter {
public:
  static constexpr bool reading = false;

  explicit ElementWriter(JsonWriter& writer) : m_writer(writer) {}

  template <typename... Ts>
  void operator()(const Ts&... values) {
    m_writer.begin_array();
    (write_json(m_writer, values), ...);
    m_writer.end_array();
  }

private:
  JsonWriter& m_writer;
};

/// The archive of `elements` that reads.
class ElementReader {
public:
  static constexpr bool reading = true;

  ElementReader(Json& json, JsonMisfit& misfit) : m_json(json), m_misfit(misfit) {}

  template <typename... Ts>
  void operator()(Ts&... values) {
    Json::Array* const items = m_json.as_array();
    if (items == nullptr || items->size() != sizeof...(values)) {
      m_misfit.expected_array_of(sizeof...(values), m_json);
      return;
    }
    std::size_t index = 0;
    (read((*items)[index], index, values), ...);
  }

private:
  template <typename T>
  void read(Json& json, std::size_t& index, T& value) {
    if (!m_misfit && !read_json(json, value, m_misfit)) {
      m_misfit.within(index);
    }
    ++index;
  }

  Json& m_json;
  JsonMisfit& m_misfit;
};

namespace json_detail {

template <typename T>
concept HasFields = requires(FieldWriter& archive, T& value) {
  fields(archive, value);
};

template <typename T>
concept HasElements = requires(ElementWriter& archive, T& value) {
  elements(archive, value);
};

template <typename Enum>
void write_enum(JsonWriter& writer, Enum value) {
  if constexpr (has_names<Enum>) {
    for (const auto& [name, known] : k_json_names<Enum>) {
      if (known == value) {
        writer.string(name);
        return;
      }
    }
    writer.null();
  } else {
    static_assert(has_last<Enum>, "an enum needs k_json_names or k_json_last");
    writer.integer(static_cast<std::int64_t>(value));
  }
}

template <typename T>
void write_range(JsonWriter& writer, const T& range) {
  if constexpr (is_text_map<T>) {
    writer.begin_object();
    for (const auto& [key, value] : range) {
      writer.key(key);
      write_json(writer, value);
    }
    writer.end_object();
  } else {
    writer.begin_array();
    for (const auto& item : range) {
      write_json(writer, item);
    }
    writer.end_array();
  }
}

template <typename T>
bool read_integer(const Json& json, T& value, JsonMisfit& misfit) {
  const std::optional<std::int64_t> integer = json.as_integer();
  if (!integer) {
    return misfit.expected("an integer", json);
  }
  if (!std::in_range<T>(*integer)) {
    return misfit.out_of_range(*integer);
  }
  value = static_cast<T>(*integer);
  return true;
}

template <typename Enum>
bool read_enum(Json& json, Enum& value, JsonMisfit& misfit) {
  if constexpr (has_names<Enum>) {
    const std::string* const text = json.as_string();
    if (text == nullptr) {
      return misfit.expected("a string", json);
    }
    for (const auto& [name, known] : k_json_names<Enum>) {
      if (name == *text) {
        value = known;
        return true;
      }
    }
    return misfit.unknown(*text);
  } else {
    static_assert(has_last<Enum>, "an enum needs k_json_names or k_json_last");
    int number = 0;
    if (!read_integer(json, number, misfit)) {
      return false;
    }
    value = static_cast<Enum>(number);
    return (number >= 0 && value <= k_json_last<Enum>) || misfit.out_of_range(number);
  }
}

template <typename T>
bool read_range(Json& json, T& range, JsonMisfit& misfit) {
  if constexpr (is_text_map<T>) {
    Json::Object* const members = json.as_object();
    if (members == nullptr) {
      return misfit.expected("an object", json);
    }
    for (Json::Member& member : *members) {
      if (!read_json(member.value, range[member.key], misfit)) {
        misfit.within(member.key);
        return false;
      }
    }
  } else {
    Json::Array* const items = json.as_array();
    if (items == nullptr) {
      return misfit.expected("an array", json);
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
      typename T::value_type value{};
      if (!read_json((*items)[i], value, misfit)) {
        misfit.within(i);
        return false;
      }
      range.insert(range.end(), std::move(value));
    }
  }
  return true;
}

template <typename T>
bool read_scalar(Json& json, T& value, JsonMisfit& misfit) {
  if constexpr (std::is_same_v<T, bool>) {
    value = json.bool_or(false);
    return json.as_bool().has_value() || misfit.expected("true or false", json);
  } else if constexpr (std::is_enum_v<T>) {
    return read_enum(json, value, misfit);
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer(json, value, misfit);
  } else {
    value = json.number_or(0);
    return json.as_number().has_value() || misfit.expected("a number", json);
  }
}

template <typename T>
bool read_text(Json& json, T& value, JsonMisfit& misfit) {
  if (json.as_string() == nullptr) {
    return misfit.expected("a string", json);
  }
  value = std::move(*json.as_string());
  return true;
}

template <typename T>
bool read_form(Json& json, T& value, JsonMisfit& misfit) {
  ReadForm<T> form{};
  if (!read_json(json, form, misfit)) {
    return false;
  }
  std::optional<T> read = JsonForm<T>::from(std::move(form));
  if (!read) {
    return misfit.illegal();
  }
  value = std::move(*read);
  return true;
}

} // namespace json_detail

template <typename T>
void write_json(JsonWriter& writer, const T& value) {
  using namespace json_detail;
  // A description takes what it reads into; the archives that write leave it alone.
  if constexpr (HasForm<T>) {
    write_json(writer, JsonForm<T>::to(value));
  } else if constexpr (HasFields<T>) {
    writer.begin_object();
    FieldWriter archive(writer);
    fields(archive, const_cast<T&>(value));
    writer.end_object();
  } else if constexpr (HasElements<T>) {
    ElementWriter archive(writer);
    elements(archive, const_cast<T&>(value));
  } else if constexpr (std::is_same_v<T, Json>) {
    writer.json(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    writer.boolean(value);
  } else if constexpr (std::is_enum_v<T>) {
    write_enum(writer, value);
  } else if constexpr (std::is_integral_v<T>) {
    writer.integer(static_cast<std::int64_t>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    writer.number(value);
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    writer.string(value.native());
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    writer.string(value);
  } else if constexpr (is_duration<T>) {
    writer.integer(value.count());
  } else if constexpr (is_time_point<T>) {
    writer.integer(value.time_since_epoch().count());
  } else if constexpr (is_a<T, std::optional>) {
    value ? write_json(writer, *value) : writer.null();
  } else if constexpr (is_a<T, std::pair>) {
    ElementWriter archive(writer);
    archive(value.first, value.second);
  } else {
    static_assert(std::ranges::range<T>, "a type without fields(), elements() or JsonForm");
    write_range(writer, value);
  }
}

template <typename T>
bool read_json(Json& json, T& value, JsonMisfit& misfit) {
  using namespace json_detail;
  if constexpr (HasForm<T>) {
    return read_form(json, value, misfit);
  } else if constexpr (HasFields<T>) {
    Json::Object* const members = json.as_object();
    if (members == nullptr) {
      return misfit.expected("an object", json);
    }
    FieldReader archive(*members, misfit);
    fields(archive, value);
    return !misfit;
  } else if constexpr (HasElements<T>) {
    ElementReader archive(json, misfit);
    elements(archive, value);
    return !misfit;
  } else if constexpr (std::is_same_v<T, Json>) {
    value = std::move(json);
    return true;
  } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
    return read_scalar(json, value, misfit);
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::filesystem::path>) {
    return read_text(json, value, misfit);
  } else if constexpr (is_duration<T>) {
    typename T::rep count{};
    const bool good = read_integer(json, count, misfit);
    value = T(count);
    return good;
  } else if constexpr (is_time_point<T>) {
    typename T::duration since{};
    const bool good = read_json(json, since, misfit);
    value = T(since);
    return good;
  } else if constexpr (is_a<T, std::optional>) {
    value.reset();
    return json.is_null() || read_json(json, value.emplace(), misfit);
  } else if constexpr (is_a<T, std::pair>) {
    ElementReader archive(json, misfit);
    archive(value.first, value.second);
    return !misfit;
  } else {
    static_assert(std::ranges::range<T>, "a type without fields(), elements() or JsonForm");
    return read_range(json, value, misfit);
  }
}

template <typename T>
std::string to_json(const T& value, int indent) {
  JsonWriter writer(indent);
  write_json(writer, value);
  return writer.take();
}

/// The value of a JSON text. Error (input): not JSON, or JSON of another shape; the message says where.
template <typename T>
Result<T> from_json(std::string_view text) {
  TRY_ASSIGN(Json json, parse_json(text));
  T value{};
  JsonMisfit misfit;
  if (!read_json(json, value, misfit)) {
    return Error{ExitCode::input, misfit.words()};
  }
  return value;
}

} // namespace ctest_matrix
