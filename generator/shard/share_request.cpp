#include "shard/share_request.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace ctest_matrix {

namespace {

std::string text_of(const Variable& variable, const char* name) {
  const char* const value = variable(name);
  return value == nullptr ? "" : value;
}

Error no_number(const char* name, const std::string& got) {
  return {ExitCode::usage, fmt::format("{}: expected a number, got '{}'", name, printable(got))};
}

Result<std::size_t> number_of(const Variable& variable, const char* name,
                              std::optional<std::size_t> fallback) {
  const std::string text = text_of(variable, name);
  if (text.empty() && fallback) {
    return *fallback;
  }
  const auto number = whole_number(text);
  return number ? Result<std::size_t>(*number) : no_number(name, text);
}

Result<SharePosition> checked(SharePosition share, const std::string& source) {
  if (!is_share(share)) {
    return Error{
        ExitCode::usage,
        fmt::format("{}: expected a share from 1 to the number of shares, which is {} at most, got {} of {}",
                    source, k_most_shares, share.index, share.count)};
  }
  return share;
}

Result<SharePosition> share_of_slurm(const Variable& variable) {
  TRY_ASSIGN(const std::size_t task, number_of(variable, "SLURM_ARRAY_TASK_ID", std::nullopt));
  TRY_ASSIGN(const std::size_t count, number_of(variable, "SLURM_ARRAY_TASK_COUNT", std::nullopt));
  TRY_ASSIGN(const std::size_t first, number_of(variable, "SLURM_ARRAY_TASK_MIN", std::nullopt));
  TRY_ASSIGN(const std::size_t step, number_of(variable, "SLURM_ARRAY_TASK_STEP", 1));
  if (step == 0 || task < first || (task - first) % step != 0) {
    return Error{ExitCode::usage,
                 fmt::format("SLURM_ARRAY_TASK_ID: {} is no step of {} from {} on", task, step, first)};
  }
  return checked({(task - first) / step + 1, count}, "SLURM_ARRAY_TASK_ID");
}

} // namespace

Result<SharePosition> parse_share(const std::string& text, const std::string& source) {
  const auto position = parse_position(text);
  if (!position) {
    return Error{ExitCode::usage,
                 fmt::format("{}: expected a share such as 2/5 (the second of five), got '{}'", source,
                             printable(text))};
  }
  return checked(*position, source);
}

Result<std::optional<SharePosition>> share_of_machine(const Variable& variable) {
  if (variable("SLURM_ARRAY_TASK_ID") != nullptr) {
    TRY_ASSIGN(const SharePosition share, share_of_slurm(variable));
    return std::optional(share);
  }
  if (variable("CI_NODE_INDEX") != nullptr) {
    TRY_ASSIGN(const std::size_t index, number_of(variable, "CI_NODE_INDEX", std::nullopt));
    TRY_ASSIGN(const std::size_t count, number_of(variable, "CI_NODE_TOTAL", std::nullopt));
    TRY_ASSIGN(const SharePosition share, checked({index, count}, "CI_NODE_INDEX"));
    return std::optional(share);
  }
  return std::optional<SharePosition>();
}

Result<std::optional<SharePosition>> asked_share(const Variable& variable) {
  const std::string text = text_of(variable, "CTEST_MATRIX_SHARD");
  if (text.empty()) {
    if (variable("CTEST_MATRIX_SHARD_BY") != nullptr) {
      return Error{ExitCode::usage,
                   "CTEST_MATRIX_SHARD_BY: expected CTEST_MATRIX_SHARD beside it, such as 2/5"};
    }
    return std::optional<SharePosition>();
  }
  if (text != "auto") {
    TRY_ASSIGN(const SharePosition share, parse_share(text, "CTEST_MATRIX_SHARD"));
    return std::optional(share);
  }
  TRY_ASSIGN(auto share, share_of_machine(variable));
  if (!share) {
    return Error{ExitCode::usage,
                 "CTEST_MATRIX_SHARD: 'auto' is for jobs of GitLab with `parallel:` and for arrays of "
                 "Slurm, and this is none; expected a share such as 2/5"};
  }
  return share;
}

std::string run_of_shares(const Variable& variable) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  };
  for (const char* name : {"CTEST_MATRIX_RUN", "GITHUB_RUN_ID", "CI_PIPELINE_ID", "SLURM_ARRAY_JOB_ID"}) {
    if (std::string run = text_of(variable, name); !run.empty()) {
      return std::ranges::all_of(run, is_plain) ? run : fingerprint(run);
    }
  }
  return "";
}

ShareRequest share_request(std::size_t count, const Variable& variable) {
  return {.count = count,
          .by = text_of(variable, "CTEST_MATRIX_SHARD_BY"),
          .durations = text_of(variable, "CTEST_MATRIX_DURATIONS"),
          .run = run_of_shares(variable)};
}

} // namespace ctest_matrix
