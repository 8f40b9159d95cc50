#include "cell/failure_report.hpp"

#include "base/text.hpp"
#include "progress/basis.hpp"
#include "runners/stack_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_reported_failures = 20;
constexpr std::size_t k_reported_message = 2000; // bytes of one failure's message
constexpr std::size_t k_reported_line = 400;     // bytes of one line of output

std::string indented(std::string_view text, std::string_view indent) {
  std::string result;
  for (const std::string& line : split_lines(text)) {
    result += fmt::format("{}{}\n", indent, line);
  }
  return result;
}

const TestOutcome* find_test(const Record& record, const std::string& test) {
  const auto found = std::find_if(record.tests.begin(), record.tests.end(),
                                  [&](const TestOutcome& outcome) { return outcome.test == test; });
  return found == record.tests.end() ? nullptr : &*found;
}

std::string render_failures(const FailedCell& cell) {
  std::string text;
  const auto& failures = cell.record.failures;
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (i == k_reported_failures) {
      text += fmt::format("... and {} more failing tests\n", failures.size() - i);
      break;
    }
    const Failure& failure = failures[i];
    const std::string message = ellipsis(fold_frames(trim(failure.message)), k_reported_message);
    if (!failure.file.empty()) {
      const auto lines = split_lines(message);
      text += fmt::format("{}:{}: error: {}\n", failure.file, failure.line,
                          lines.empty() ? failure.test : lines.front());
    }
    text += fmt::format("failed: {}\n{}", failure.test, indented(message, "    "));
    text += i < cell.excerpts.size() ? indented(cell.excerpts[i], "    ") : "";
    if (cell.record.counted && !cell.is_only_column) {
      text += fmt::format("  this test {}\n", elsewhere_words(failure.test, cell.others));
    }
  }
  return text;
}

std::string render_next_steps(const FailedCell& cell) {
  const Parity parity = cell.record.failures.empty()
                            ? Parity::unknown
                            : parity_of(cell.record.failures.front().test, cell.others);
  const std::string wanted = parity == Parity::shared ? "" : cell.record.column;
  std::string text;
  for (const auto& [name, steps] : cell.next_steps) {
    if (name != wanted) {
      continue;
    }
    for (const std::string& step : steps) {
      text += fmt::format("  - {}\n", step);
    }
  }
  return text.empty() ? "" : "next steps:\n" + text;
}

bool same_axes(const Assignment& a, const Assignment& b) {
  return matches(a, b) && matches(b, a);
}

/// The cells of another column that have the most values in common with these.
const Variant* nearest_variant(const Column& column, const Assignment& axes) {
  const auto shared = [&](const Variant& variant) {
    return std::ranges::count_if(axes, [&](const auto& axis) {
      const std::string* value = value_of(variant.axes, axis.first);
      return value != nullptr && *value == axis.second;
    });
  };
  const auto best = std::ranges::max_element(column.variants, {}, shared);
  return best == column.variants.end() ? nullptr : &*best;
}

} // namespace

std::vector<Record> other_columns(std::span<const Column> columns, std::span<const Record> journal,
                                  const Record& record) {
  std::vector<Record> latest;
  for (const Column& column : columns) {
    const Variant* const variant =
        column.name == record.column ? nullptr : nearest_variant(column, record.axes);
    if (variant == nullptr) {
      continue;
    }
    const Record* found = nullptr;
    for (const Record& other : journal) {
      if (other.kind == RecordKind::reset && other.profile == record.profile) {
        found = nullptr;
      }
      const bool tells = other.kind == RecordKind::cell && other.row == record.row &&
                         other.column == column.name && other.profile == record.profile &&
                         same_axes(other.axes, variant->axes) && other.verdict != Verdict::setup &&
                         other.verdict != Verdict::interrupted;
      if (tells) {
        found = of_same_sources(record, other) ? &other : nullptr;
      }
    }
    if (found != nullptr) {
      latest.push_back(*found);
    }
  }
  return latest;
}

Parity parity_of(const std::string& test, std::span<const Record> others) {
  Parity parity = Parity::unknown;
  for (const Record& other : others) {
    const TestOutcome* outcome = find_test(other, test);
    if (outcome != nullptr && outcome->kind == TestOutcome::Kind::failed) {
      return Parity::shared;
    }
    if (outcome != nullptr && outcome->kind == TestOutcome::Kind::passed) {
      parity = Parity::only_here;
    }
  }
  return parity;
}

std::string elsewhere_words(const std::string& test, std::span<const Record> others) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> k_words{
      {{"passes on ", ""}, {"fails on ", " too"}, {"is skipped on ", ""}, {"is not there on ", ""}}};
  std::array<std::vector<std::string>, k_words.size()> columns;
  for (const Record& other : others) {
    const TestOutcome* const outcome = find_test(other, test);
    const std::size_t what = outcome == nullptr                           ? 3
                             : outcome->kind == TestOutcome::Kind::passed ? 0
                             : outcome->kind == TestOutcome::Kind::failed ? 1
                                                                          : 2;
    columns[what].push_back(other.column);
  }
  std::vector<std::string> words;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].empty()) {
      words.push_back(fmt::format("{}{}{}", k_words[i].first, join(columns[i], ", "), k_words[i].second));
    }
  }
  return words.empty() ? "has not run on any other column yet" : join(words, "; ");
}

std::string render_failure(const FailedCell& cell) {
  const Record& record = cell.record;
  std::string text = "\n" + render_failures(cell);
  text += fmt::format("cell:    {} ({} on {})\n", record.cell, record.row, record.column);
  text += fmt::format("why:     {} - {}\n", verdict_name(record.verdict), record.brief);
  if (record.verdict == Verdict::setup && cell.detail.find('\n') != std::string::npos) {
    text += cell.detail + (cell.detail.ends_with('\n') ? "" : "\n");
  }
  if (!record.failures.empty() && !cell.is_only_column) {
    const Parity parity = parity_of(record.failures.front().test, cell.others);
    text +=
        fmt::format("parity:  {}\n", parity == Parity::only_here ? fmt::format("only {} fails", record.column)
                                     : parity == Parity::shared
                                         ? "shared with another column"
                                         : "not known: no other column has run this test as it is now");
  }
  if (!record.command.empty()) {
    text += fmt::format("command: {}\n", record.command);
  }
  if (!cell.narrowed.empty()) {
    text += fmt::format("narrow:  {}\n", cell.narrowed);
  }
  if (!cell.log.empty()) {
    text += fmt::format("log:     {}\n", cell.log);
  }
  for (const std::string& log : cell.service_logs) {
    text += fmt::format("service: {}\n", log);
  }
  if (!cell.running.empty()) {
    text += fmt::format("running: {}\n", cell.running);
  } else if (!cell.last_test.empty()) {
    text += fmt::format("last test seen: {}\n", cell.last_test);
  }
  if (record.failures.empty() && !cell.last_lines.empty()) {
    text += "from its output:\n";
    for (const std::string& line : cell.last_lines) {
      text += fmt::format("    {}\n", ellipsis(line, k_reported_line));
    }
  }
  return text + render_next_steps(cell);
}

} // namespace ctest_matrix
