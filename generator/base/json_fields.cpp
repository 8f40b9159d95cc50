#include "base/json_fields.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

bool JsonMisfit::say(std::string what) {
  m_what = std::move(what);
  return false;
}

bool JsonMisfit::expected(std::string_view what, const Json& got) {
  return say(fmt::format("expected {}, got {}", what, got.type_name()));
}

bool JsonMisfit::expected_value(std::string_view expected, std::string_view got) {
  return say(fmt::format("expected {}, got {}", expected, printable(got)));
}

bool JsonMisfit::expected_array_of(std::size_t size, const Json& got) {
  return say(got.is_array() ? fmt::format("expected {} items, got {}", size, got.size())
                            : fmt::format("expected an array, got {}", got.type_name()));
}

bool JsonMisfit::missing(std::string_view key) {
  return say(fmt::format("'{}' is missing", key));
}

bool JsonMisfit::unknown(std::string_view name) {
  return say(fmt::format("'{}' is unknown", printable(name)));
}

bool JsonMisfit::out_of_range(std::int64_t number) {
  return say(fmt::format("{} is out of range", number));
}

bool JsonMisfit::illegal() {
  return say("not a legal value");
}

void JsonMisfit::within(std::string_view key) {
  const bool joins = m_where.empty() || m_where.front() == '[';
  m_where = fmt::format("{}{}{}", printable(key), joins ? "" : ".", m_where);
}

void JsonMisfit::within(std::size_t index) {
  const bool joins = m_where.empty() || m_where.front() == '[';
  m_where = fmt::format("[{}]{}{}", index, joins ? "" : ".", m_where);
}

std::string JsonMisfit::words() const {
  return m_where.empty() ? m_what : fmt::format("{}: {}", m_where, m_what);
}

Json* find_member(Json::Object& members, std::string_view key, std::size_t& hint) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::size_t at = (hint + i) % members.size();
    if (members[at].key == key) {
      hint = at + 1;
      return &members[at].value;
    }
  }
  return nullptr;
}

} // namespace ctest_matrix
