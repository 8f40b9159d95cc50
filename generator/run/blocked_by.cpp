#include "run/blocked_by.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_shown = 40; // lines

std::string end_of(std::string_view output) {
  std::string end;
  for (const std::string& line : last_lines(output, k_shown)) {
    end += fmt::format("    {}\n", line);
  }
  return end;
}

} // namespace

std::string blocked_by(std::span<const CtestResult> results, std::string_view ctest_output,
                       const std::function<bool(const std::string& test)>& is_cell) {
  std::string blame;
  for (const CtestResult& result : results) {
    const bool failed = result.status == CtestStatus::failed || result.status == CtestStatus::timed_out;
    if (failed && !is_cell(result.name)) {
      blame += fmt::format("{} failed:\n{}", result.name, end_of(result.output));
    }
  }
  return blame.empty() ? fmt::format("ctest said:\n{}", end_of(ctest_output)) : blame;
}

} // namespace ctest_matrix
