// Reads JSON that this program has written itself, several times as fast as any other: the description of a
// struct (base/json_fields.hpp) says which key comes next, and no white space stands anywhere. What was
// written otherwise is not understood, and is for `from_json`.
#pragma once

#include "base/json_fields.hpp"
#include "base/utf8.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace ctest_matrix {

/// A place in a text. After the first mismatch nothing matches any more.
class QuickText {
public:
  explicit QuickText(std::string_view text) : m_rest(text) {}

  bool good() const { return m_good; }

  bool at_end() const { return m_good && m_rest.empty(); }

  bool fail() { return m_good = false; }

  /// Takes the text when it stands here; a mismatch is no failure.
  bool take(std::string_view expected) {
    const bool there = m_good && m_rest.starts_with(expected);
    m_rest.remove_prefix(there ? expected.size() : 0);
    return there;
  }

  bool expect(std::string_view expected) { return take(expected) || fail(); }

  /// Takes `"key":`.
  bool take_key(std::string_view key) {
    const std::size_t length = key.size() + 3;
    const bool there = m_good && m_rest.size() >= length && m_rest[0] == '"' &&
                       m_rest.compare(1, key.size(), key) == 0 && m_rest[key.size() + 1] == '"' &&
                       m_rest[key.size() + 2] == ':';
    m_rest.remove_prefix(there ? length : 0);
    return there;
  }

  template <typename Number>
  bool integer(Number& value) {
    if (!m_good) {
      return false;
    }
    const auto [end, error] = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), value);
    const auto length = static_cast<std::size_t>(end - m_rest.data());
    const std::size_t digits = length - (m_rest.starts_with('-') ? 1 : 0);
    const char next = length < m_rest.size() ? m_rest[length] : '\0';
    if (error != std::errc() || next == '.' || next == 'e' || next == 'E' ||
        (digits > 1 && m_rest[length - digits] == '0')) {
      return fail();
    }
    m_rest.remove_prefix(length);
    return true;
  }

  bool string(std::string& value) {
    value.clear();
    if (!expect("\"")) {
      return false;
    }
    std::size_t plain = plain_length();
    value.assign(m_rest.data(), plain);
    for (;;) {
      m_rest.remove_prefix(plain);
      if (take("\"")) {
        return true;
      }
      special(value);
      if (!m_good) {
        return false;
      }
      plain = plain_length();
      value.append(m_rest.data(), plain);
    }
  }

private:
  /// Whether eight bytes stand for themselves. A byte is less than n where the subtraction of n takes from
  /// its highest bit, and equal to c where it is less than 1 after an exclusive or; bytes that others borrow
  /// from are only taken for special too often (Sean Eron Anderson, "Bit Twiddling Hacks").
  static bool all_plain(const char* bytes) {
    constexpr std::uint64_t k_each = 0x0101010101010101U;
    constexpr std::uint64_t k_high = 0x8080808080808080U;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    const std::uint64_t quote = word ^ (k_each * '"');
    const std::uint64_t backslash = word ^ (k_each * '\\');
    const std::uint64_t special =
        word | (word - k_each * ' ') | ((quote - k_each) & ~quote) | ((backslash - k_each) & ~backslash);
    return (special & k_high) == 0;
  }

  /// Of the bytes that stand for themselves: printable ASCII but `"` and `\`. Eight at a time, as far as all
  /// of them do.
  std::size_t plain_length() const {
    std::size_t length = 0;
    while (m_rest.size() - length >= sizeof(std::uint64_t) && all_plain(m_rest.data() + length)) {
      length += sizeof(std::uint64_t);
    }
    while (length < m_rest.size() && m_rest[length] >= ' ' && m_rest[length] != '"' &&
           m_rest[length] != '\\') {
      ++length;
    }
    return length;
  }

  /// A character of several bytes, or one behind a backslash.
  void special(std::string& value) {
    if (take("\\")) {
      constexpr std::string_view k_names = "\"\\/bfnrt";
      constexpr std::string_view k_meant = "\"\\/\b\f\n\r\t";
      const std::size_t name = m_rest.empty() ? std::string_view::npos : k_names.find(m_rest.front());
      if (name == std::string_view::npos) {
        fail();
        return;
      }
      value += k_meant[name];
      m_rest.remove_prefix(1);
      return;
    }
    const std::size_t length = m_rest.empty() || m_rest.front() >= 0 ? 0 : utf8_length(m_rest);
    if (length == 0) {
      fail();
      return;
    }
    value.append(m_rest.substr(0, length));
    m_rest.remove_prefix(length);
  }

  std::string_view m_rest;
  bool m_good = true;
};

template <typename T>
bool read_quickly(QuickText& text, T& value);

/// The archive that reads the members of an object in their order.
class QuickFields {
public:
  static constexpr bool reading = true;

  explicit QuickFields(QuickText& text) : m_text(text) {}

  template <typename T>
  void operator()(std::string_view key, T& value) {
    if (!take(key)) {
      m_text.fail();
    } else {
      read_quickly(m_text, value);
    }
  }

  template <typename T>
  void may_lack(std::string_view key, T& value) {
    if (take(key)) {
      read_quickly(m_text, value);
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
    if (value != expected) {
      m_text.fail();
    }
  }

  template <typename T>
  void as_object(std::string_view key, std::vector<std::pair<std::string, T>>& pairs) {
    pairs.clear();
    if (!take(key) || !m_text.expect("{")) {
      m_text.fail();
      return;
    }
    while (m_text.good() && !m_text.take("}")) {
      auto& [name, value] = pairs.emplace_back();
      if ((pairs.size() == 1 || m_text.expect(",")) && m_text.string(name) && m_text.expect(":")) {
        read_quickly(m_text, value);
      }
      for (std::size_t i = 0; i + 1 < pairs.size(); ++i) {
        if (pairs[i].first == name) { // a key that stands twice
          m_text.fail();
        }
      }
    }
  }

private:
  /// A key, and the comma in front of it.
  bool take(std::string_view key) {
    const QuickText before = m_text;
    if ((m_first || m_text.take(",")) && m_text.take_key(key)) {
      m_first = false;
      return true;
    }
    m_text = before;
    return false;
  }

  QuickText& m_text;
  bool m_first = true;
};

/// The archive that reads the elements of an array of fixed length.
class QuickElements {
public:
  static constexpr bool reading = true;

  explicit QuickElements(QuickText& text) : m_text(text) {}

  template <typename... Ts>
  void operator()(Ts&... values) {
    std::size_t index = 0;
    m_text.expect("[");
    ((index++ == 0 || m_text.expect(","), read_quickly(m_text, values)), ...);
    m_text.expect("]");
  }

private:
  QuickText& m_text;
};

namespace json_detail {

template <typename Enum>
bool read_enum_quickly(QuickText& text, Enum& value) {
  if constexpr (has_names<Enum>) {
    std::string read;
    text.string(read);
    for (const auto& [name, known] : k_json_names<Enum>) {
      if (name == read) {
        value = known;
        return text.good();
      }
    }
    return text.fail();
  } else {
    int number = 0;
    text.integer(number);
    value = static_cast<Enum>(number);
    return (number >= 0 && value <= k_json_last<Enum>) ? text.good() : text.fail();
  }
}

template <typename T>
bool read_array_quickly(QuickText& text, T& range) {
  range.clear();
  text.expect("[");
  while (text.good() && !text.take("]")) {
    if (!range.empty()) {
      text.expect(",");
    }
    typename T::value_type item{};
    read_quickly(text, item);
    range.insert(range.end(), std::move(item));
  }
  return text.good();
}

template <typename T>
bool read_form_quickly(QuickText& text, T& value) {
  ReadForm<T> form{};
  read_quickly(text, form);
  std::optional<T> read = text.good() ? JsonForm<T>::from(std::move(form)) : std::nullopt;
  if (!read) {
    return text.fail();
  }
  value = std::move(*read);
  return true;
}

} // namespace json_detail

template <typename T>
bool read_quickly(QuickText& text, T& value) {
  using namespace json_detail;
  if constexpr (HasForm<T>) {
    return read_form_quickly(text, value);
  } else if constexpr (HasFields<T>) {
    text.expect("{");
    QuickFields archive(text);
    fields(archive, value);
    return text.expect("}");
  } else if constexpr (std::is_same_v<T, bool>) {
    value = text.take("true");
    return value || text.expect("false");
  } else if constexpr (std::is_enum_v<T>) {
    return read_enum_quickly(text, value);
  } else if constexpr (std::is_integral_v<T>) {
    return text.integer(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return text.string(value);
  } else if constexpr (is_duration<T>) {
    typename T::rep count{};
    text.integer(count);
    value = T(count);
    return text.good();
  } else if constexpr (is_time_point<T>) {
    typename T::duration since{};
    read_quickly(text, since);
    value = T(since);
    return text.good();
  } else if constexpr (is_a<T, std::pair>) {
    QuickElements archive(text);
    archive(value.first, value.second);
    return text.good();
  } else {
    static_assert(is_a<T, std::vector>, "a type that no journal holds so far");
    return read_array_quickly(text, value);
  }
}

/// Reads what `to_json` wrote of the value, without indentation. False for any other text.
template <typename T>
bool read_own_json(std::string_view json, T& value) {
  QuickText text(json);
  return read_quickly(text, value) && text.at_end();
}

} // namespace ctest_matrix
