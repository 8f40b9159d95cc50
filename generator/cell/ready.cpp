#include "cell/ready.hpp"

#include "base/files.hpp"
#include "process/leftovers.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace ctest_matrix {

Result<void> check_ready(const CommonPlan& common) {
  sweep_leftovers(common.places.state, leftover_patience(common.grace));
  std::error_code ignored;
  if (!std::filesystem::is_directory(common.directory, ignored)) {
    return Error{ExitCode::setup,
                 fmt::format("the runner's directory {} is not there", common.directory.string())};
  }
  if (auto written = write_file_atomic(common.places.state / "ready", "ready\n"); !written) {
    return Error{ExitCode::setup, written.error().message};
  }
  return {};
}

} // namespace ctest_matrix
