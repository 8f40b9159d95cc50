#include "run/agent_text.hpp"

#include "base/input_text.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "plan/verdict.hpp"
#include "runners/stack_frames.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_tests_in_full = 3;
constexpr std::size_t k_tests_by_name = 10;
constexpr std::size_t k_message_lines = 12;
constexpr std::size_t k_setup_lines = 40;
constexpr std::size_t k_line_bytes = 300;
constexpr std::size_t k_command_bytes = 2000;

/// The first lines, each cut, with `indent` in front.
std::string some_lines(std::string_view text, std::size_t most, std::string_view indent) {
  std::string result;
  std::size_t count = 0;
  for (const std::string& line : split_lines(trim(text))) {
    if (count++ == most) {
      result += fmt::format("{}...\n", indent);
      break;
    }
    result += fmt::format("{}{}\n", indent, ellipsis(clean_text(line), k_line_bytes));
  }
  return result;
}

std::string test_lines(const Failure& failure) {
  std::string text;
  if (!failure.file.empty()) {
    text += fmt::format("at:      {}:{}\n", failure.file, failure.line);
  }
  text += fmt::format("test:    {}\n", ellipsis(clean_text(failure.test), k_line_bytes));
  return text + some_lines(fold_frames(trim(failure.message)), k_message_lines, "  ");
}

std::string_view parity_words(const FailedCell& cell, const Failure& failure) {
  switch (parity_of(failure.test, cell.others)) {
  case Parity::only_here:
    return "only this column fails";
  case Parity::shared:
    return "another column fails, too";
  case Parity::unknown:
    break;
  }
  return "not known; no other column has run this test as it is now";
}

std::string tests_of(const FailedCell& cell) {
  const auto& failures = cell.record.failures;
  std::string text;
  for (const Failure& failure : std::span(failures).first(std::min(failures.size(), k_tests_in_full))) {
    text += test_lines(failure);
  }
  if (failures.size() > k_tests_in_full) {
    std::vector<std::string> names;
    for (const Failure& failure : std::span(failures).subspan(k_tests_in_full)) {
      names.push_back(ellipsis(clean_text(failure.test), k_line_bytes));
    }
    text += fmt::format("also:    {} failing: {}\n", plural(names.size(), "more test"),
                        some_names(names, k_tests_by_name));
  }
  return text;
}

} // namespace

std::string agent_failure(const FailedCell& cell) {
  const Record& record = cell.record;
  std::string text = fmt::format("{} {}\n", verdict_name(record.verdict), record.cell);
  if (record.failures.empty()) {
    text += fmt::format("why:     {}\n", ellipsis(clean_text(record.brief), k_line_bytes));
    text += some_lines(cell.detail, k_setup_lines, "  ");
    if (cell.detail.empty()) {
      text += some_lines(join(cell.last_lines, "\n"), k_message_lines, "  ");
    }
  }
  text += tests_of(cell);
  if (!record.failures.empty() && !cell.is_only_column) {
    text += fmt::format("parity:  {}\n", parity_words(cell, record.failures.front()));
  }
  if (!cell.narrowed.empty()) {
    text += fmt::format("narrow:  {}\n", ellipsis(cell.narrowed, k_command_bytes));
  }
  if (!cell.log.empty()) {
    text += fmt::format("log:     {}\n", cell.log);
  }
  for (const std::string& log : cell.service_logs) {
    text += fmt::format("service: {}\n", log);
  }
  return text;
}

std::string agent_lines(std::string_view text) {
  Pattern::Problem problem;
  static const auto times = Pattern::parse("[0-9]+([.][0-9]+)? *(s|sec|seconds|ms)\\b", problem);
  std::string result;
  for (std::string line : split_lines(text)) {
    if (line.size() <= Pattern::k_longest_line) {
      for (auto found = times->find(line); found; found = times->find(line)) {
        line.replace(found->offset, found->length, "(time)");
      }
    }
    result += line + "\n";
  }
  return some_lines(result, k_setup_lines, "  ");
}

std::string_view end_word(ExitCode code, Ran ran) {
  if (ran == Ran::nothing && (code == ExitCode::ok || code == ExitCode::setup)) {
    return "nothing ran";
  }
  switch (code) {
  case ExitCode::ok:
    return "passed";
  case ExitCode::failed:
    return "failed";
  case ExitCode::setup:
    return "set-up failed";
  case ExitCode::interrupted:
    return "interrupted";
  case ExitCode::internal:
  case ExitCode::usage:
  case ExitCode::input:
  case ExitCode::skipped:
    break;
  }
  return "error";
}

std::string agent_result(ExitCode code, Ran ran, const std::vector<std::string>& facts) {
  return fmt::format("result: {} (exit {}){}\n", end_word(code, ran), static_cast<int>(code),
                     facts.empty() ? "" : ": " + join(facts, "; "));
}

std::string some_names(std::span<const std::string> names, std::size_t most) {
  const auto shown = names.first(std::min(names.size(), most));
  const std::string text = join({shown.begin(), shown.end()}, ", ");
  return names.size() > most ? fmt::format("{} and {} more", text, names.size() - most) : text;
}

} // namespace ctest_matrix
