#include "cell/ready.hpp"

#include "base/files.hpp"
#include "process/leftovers.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace ctest_matrix {

Result<void> check_ready(const SuitePlan& suite) {
  sweep_leftovers(suite.places.state, leftover_patience(suite.grace));
  std::error_code ignored;
  if (!std::filesystem::is_directory(suite.directory, ignored)) {
    return Error{ExitCode::setup,
                 fmt::format("the runner's directory {} is not there", suite.directory.string())};
  }
  if (auto written = write_file_atomic(suite.places.state / "ready", "ready\n"); !written) {
    return Error{ExitCode::setup, written.error().message};
  }
  return {};
}

} // namespace ctest_matrix
