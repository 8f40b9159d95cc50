#include "base/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ctest_matrix {

namespace {

std::string_view value_of(const Variable& variable, const char* name) {
  const char* value = variable(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool has_utf8(const Variable& variable) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale(value_of(variable, name));
    if (!locale.empty()) {
      std::transform(locale.begin(), locale.end(), locale.begin(),
                     [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
      return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
  }
  return false;
}

} // namespace

Terminal describe_terminal(const Variable& variable, std::optional<std::size_t> columns) {
  Terminal terminal;
  const std::string_view force = value_of(variable, "CLICOLOR_FORCE");
  const bool forced = !force.empty() && force != "0";
  const bool able = columns.has_value() && value_of(variable, "TERM") != "dumb";
  terminal.color = value_of(variable, "NO_COLOR").empty() && (forced || able);
  terminal.utf8 = has_utf8(variable);
  terminal.moving = able;
  terminal.width = columns.value_or(0);
  const std::string_view wanted = value_of(variable, "COLUMNS");
  std::size_t width = 0;
  const auto [end, code] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), width);
  if (!wanted.empty() && code == std::errc() && end == wanted.data() + wanted.size()) {
    terminal.width = width;
  }
  return terminal;
}

Terminal terminal_of(int descriptor) {
  std::optional<std::size_t> columns;
  if (isatty(descriptor) != 0) {
    winsize size{};
    const bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    columns = known ? size.ws_col : 80;
  }
  return describe_terminal([](const char* name) { return std::getenv(name); }, columns);
}

} // namespace ctest_matrix
