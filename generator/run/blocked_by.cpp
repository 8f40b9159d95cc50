#include "run/blocked_by.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_shown = 40; // lines

std::string end_of(std::string_view output) {
  const auto lines = split_lines(output);
  std::string end;
  for (std::size_t i = lines.size() > k_shown ? lines.size() - k_shown : 0; i < lines.size(); ++i) {
    end += fmt::format("    {}\n", lines[i]);
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
