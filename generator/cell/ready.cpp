#include "cell/ready.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "process/leftovers.hpp"
#include "service/orphans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace ctest_matrix {

namespace {

constexpr std::uintmax_t k_longest_reason = 1U << 20U; // bytes

} // namespace

void sweep_up(const CommonPlan& common) {
  sweep_leftovers(common.places.state, leftover_patience(common.grace));
  sweep_services(common);
}

Result<void> check_ready(const CommonPlan& common) {
  sweep_up(common);
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

std::string not_ready_reason(const CommonPlan& common) {
  const char* const states = std::getenv("CTEST_MATRIX_NOT_READY"); // templates/load.cmake.in sets it
  const std::vector<std::string> broken = split_lines(states == nullptr ? "" : states);
  const std::filesystem::path& state = common.places.state;
  std::error_code ignored;
  if (std::ranges::none_of(broken, [&](const std::string& each) {
        return each == state.string() || std::filesystem::equivalent(each, state, ignored);
      })) {
    return "";
  }
  const auto reason = read_regular_file(state / "not-ready", k_longest_reason);
  return reason && !reason->empty() ? *reason : "the tests could not be generated";
}

} // namespace ctest_matrix
