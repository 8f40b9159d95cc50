#include "ctest/output_lines.hpp"

#include "base/text.hpp"

#include <charconv>

namespace ctest_matrix {

namespace {

/// Takes a number off the front of the text.
std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

} // namespace

std::optional<CtestEvent> CtestLines::read(std::string_view line) {
  std::string_view text = trim(line);
  if (take(text, "Start ")) {
    text = trim(text);
    const auto number = take_number(text);
    if (!number || !take(text, ": ")) {
      return std::nullopt;
    }
    m_names[*number] = text;
    return CtestEvent{CtestEvent::Kind::started, std::string(text), ""};
  }
  if (!take_number(text) || !take(text, "/") || !take_number(text) || !take(text, " Test")) {
    return std::nullopt;
  }
  text = trim(text);
  if (!take(text, "#")) {
    return std::nullopt;
  }
  const auto number = take_number(text);
  const auto name = number ? m_names.find(*number) : m_names.end();
  if (name == m_names.end() || !take(text, ": ") || !take(text, name->second)) {
    return std::nullopt;
  }
  const std::size_t outcome = text.find_first_not_of(" .");
  return CtestEvent{CtestEvent::Kind::ended, name->second,
                    outcome == std::string_view::npos ? "" : std::string(text.substr(outcome))};
}

} // namespace ctest_matrix
