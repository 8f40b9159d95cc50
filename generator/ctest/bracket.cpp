#include "ctest/bracket.hpp"

#include <utility>

namespace ctest_matrix {

void append_bracket(std::string& out, std::string_view text, std::string equals) {
  if (equals == "=" && text.find(']') == std::string_view::npos &&
      !text.starts_with('\n')) { // as nearly always
    out.append("[=[").append(text).append("]=]");
    return;
  }
  // What ends in "]=" would end the argument, too.
  while (text.find(']') != std::string_view::npos &&
         (text.ends_with("]" + equals) || text.find("]" + equals + "]") != std::string_view::npos)) {
    equals += '=';
  }
  out.append("[").append(equals).append(text.starts_with('\n') ? "[\n" : "[");
  out.append(text).append("]").append(equals).append("]");
}

std::string bracket(std::string_view text, std::string equals) {
  std::string argument;
  append_bracket(argument, text, std::move(equals));
  return argument;
}

} // namespace ctest_matrix
