#include "ctest/bracket.hpp"

namespace ctest_matrix {

std::string bracket(std::string_view text, std::string equals) {
  const std::string closed = std::string(text) + "]"; // what ends in "]=" would end the argument, too
  while (closed.find("]" + equals + "]") != std::string::npos) {
    equals += '=';
  }
  std::string argument = "[" + equals + "[";
  argument += text.starts_with('\n') ? "\n" : "";
  argument += text;
  return argument + "]" + equals + "]";
}

} // namespace ctest_matrix
