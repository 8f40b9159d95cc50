// Runs a program that belongs to us, such as ctest, and reads its output line by line while it runs. It stays
// in our process group, so that Ctrl-C reaches both, and it is ended when we end.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

struct ChildSpec {
  std::vector<std::string> argv;                 ///< the program is looked up in PATH of this process
  std::vector<std::string> environment;          ///< the complete list of KEY=VALUE
  std::function<void(std::string_view)> on_line; ///< stdout and stderr, merged, without the newline
  std::function<void()> on_tick;                 ///< called about once in every `tick` while it runs
  Milliseconds tick{1'000};
};

/// How it ended. Says nothing good by default.
struct ChildEnd {
  int exit_code = -1;     ///< -1 when a signal ended it
  int signal = 0;         ///< what ended it
  int interrupted_by = 0; ///< SIGINT, SIGTERM or SIGHUP that came to us, and was passed on
};

/// Runs it to its end. Error (setup): it cannot be started.
Result<ChildEnd> run_child(const ChildSpec& spec);

} // namespace ctest_matrix
