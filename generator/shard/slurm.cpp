#include "shard/slurm.hpp"

#include "base/templates.hpp"
#include "base/text.hpp"
#include "plan/places.hpp"

#include <fmt/format.h>

#include <cctype>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

std::string job_name(const std::string& matrix) {
  std::string name;
  for (const char c : matrix) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ? c : '-';
  }
  return name;
}

Result<std::string> slurm_script(const Plan& plan, std::size_t shares, const fs::path& program) {
  const Places& places = plan.common.places;
  const fs::path checkout = find_checkout(places.matrix.parent_path());
  const fs::path matrix = places.matrix.lexically_relative(checkout);
  if (checkout.empty() || checkout != places.root) {
    return Error{ExitCode::usage,
                 fmt::format("--slurm: each share works in a clone: expected the root of a git "
                             "checkout as the root of the matrix, which is {}",
                             places.root.string())};
  }
  if (const std::string breaker = line_breaker(places.matrix.string() + program.string()); !breaker.empty()) {
    return Error{ExitCode::usage,
                 fmt::format("--slurm: a path with {} in it cannot stand in a script", breaker)};
  }
  std::string text(find_template("ci/slurm.sh"));
  for (const auto& [word, value] :
       {std::pair("@NAME@", job_name(plan.common.name)), std::pair("@COUNT@", std::to_string(shares)),
        std::pair("@ROOT@", shell_quote(places.root.string())),
        std::pair("@MATRIX@", shell_quote(matrix.string())),
        std::pair("@TOOL@", shell_quote(program.string())),
        std::pair("@PROFILE@", shell_quote(plan.common.profile))}) {
    text = replace_all(std::move(text), word, value);
  }
  return text;
}

} // namespace ctest_matrix
