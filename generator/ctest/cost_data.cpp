#include "ctest/cost_data.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/result_files.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_end_of_costs = "---";

} // namespace

std::string merge_cost_data(std::string_view existing, const TestDurations& durations) {
  std::set<std::string, std::less<>> known;
  std::string costs;
  std::string failed;
  bool in_costs = true;
  for (const std::string& line : split_lines(existing)) {
    if (line == k_end_of_costs) {
      in_costs = false;
    } else if (in_costs) {
      known.insert(line.substr(0, line.find(' ')));
      costs += line + "\n";
    } else {
      failed += line + "\n";
    }
  }
  for (const auto& [name, duration] : durations) {
    // CTest takes a line apart at its spaces.
    if (!known.contains(name) && name.find(' ') == std::string::npos) {
      costs += fmt::format("{} 1 {:.3f}\n", name, static_cast<double>(duration.count()) / 1000);
    }
  }
  return fmt::format("{}{}\n{}", costs, k_end_of_costs, failed);
}

std::filesystem::path cost_data_path(const std::filesystem::path& build_dir) {
  return last_run_directory(build_dir) / "CTestCostData.txt";
}

Result<void> seed_cost_data(const std::filesystem::path& build_dir, const TestDurations& durations) {
  const std::filesystem::path path = cost_data_path(build_dir);
  if (durations.empty()) {
    return {};
  }
  const auto existing = read_file(path);
  return write_file_if_changed(path, merge_cost_data(existing ? *existing : "", durations));
}

} // namespace ctest_matrix
