// What a person hands to the runners of a run besides their commands (`run … -- ARGS`, `run --wrap`), on its
// way through ctest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

struct HandedOn {
  std::vector<std::string> arguments{}; ///< behind the command
  std::vector<std::string> wrap{};      ///< before it: a program that runs it

  bool empty() const { return arguments.empty() && wrap.empty(); }
};

/// As variables for ctest, which hands them on; none where nothing is handed on.
std::vector<std::string> variables_of(const HandedOn& handed);

/// What the variables of this process hand on.
HandedOn handed_on();

/// Whether an entry of an environment is such a variable: what a runner starts is handed nothing.
bool hands_on(std::string_view entry);

} // namespace ctest_matrix
