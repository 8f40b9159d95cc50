// What the output goes to: its width, and whether it shows colours and more than ASCII.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

namespace ctest_matrix {

struct Terminal {
  std::size_t width = 0; ///< columns; 0: no limit
  bool color = false;
  bool utf8 = false;
  bool moving = false; ///< a terminal that can write over what it shows
};

/// The value of an environment variable, null when it is not set.
using Variable = std::function<const char*(const char* name)>;

/// Decides by NO_COLOR (no-color.org), CLICOLOR_FORCE, TERM, COLUMNS and the locale's variables. `columns` is
/// what the terminal says; nothing where the output is no terminal.
Terminal describe_terminal(const Variable& variable, std::optional<std::size_t> columns);

/// Of this process's descriptor and environment.
Terminal terminal_of(int descriptor);

} // namespace ctest_matrix
