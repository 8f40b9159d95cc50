#include "plan/index.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "plan/plan_json.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <stdexcept>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_end = "\nctest-matrix-index\n";

/// Takes the first line, with its newline, off the text.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

/// What stands behind the name in the line of a cell; nothing when there is no such line.
std::optional<std::string_view> find_cell_line(std::string_view text, std::string_view cell) {
  const std::string begin = fmt::format("\n{}\t", cell);
  const std::size_t found = text.find(begin);
  if (found == std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(found + begin.size());
  return take_line(text);
}

} // namespace

std::string write_plan(const Plan& plan) {
  std::string text = suite_to_json(plan.suite) + '\n' + document_to_json(plan.document);
  for (const CellPlan& cell : plan.cells) {
    text += '\n';
    text += cell.name;
    text += '\t';
    text += cell_to_json(cell);
  }
  text += k_end;
  return text;
}

Result<Plan> read_plan(std::string_view text, std::string_view cell) {
  try {
    if (!text.ends_with(k_end)) {
      throw std::runtime_error("it has no end");
    }
    Plan plan;
    plan.suite = suite_from_json(take_line(text));
    if (cell.empty()) {
      return plan;
    }
    const auto found = find_cell_line(text, cell);
    if (!found) {
      return Error{ExitCode::input, fmt::format("the matrix {} has no cell '{}'", plan.suite.name, cell)};
    }
    plan.document = document_from_json(take_line(text));
    plan.cells.push_back(cell_from_json(cell, *found));
    return plan;
  } catch (const std::exception& exception) {
    return Error{ExitCode::input,
                 fmt::format("not an index of this version of ctest-matrix: {}", exception.what())};
  }
}

Result<Plan> load_plan_of(const fs::path& index, std::string_view cell) {
  TRY_ASSIGN(const std::string text, read_file(index));
  return read_plan(text, cell);
}

Result<fs::path> store_plan(const Plan& plan) {
  const std::string text = write_plan(plan);
  const fs::path path = plan.suite.places.state / fmt::format("cells-{}.jsonl", fingerprint(text));
  std::error_code ignored;
  const auto now = fs::file_time_type::clock::now();
  TRY(write_file_if_changed(path, text));
  fs::last_write_time(path, now, ignored);
  for (const auto& entry : fs::directory_iterator(plan.suite.places.state, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("cells-") && name.ends_with(".jsonl") &&
        now - entry.last_write_time(ignored) > std::chrono::hours(48)) {
      fs::remove(entry.path(), ignored);
    }
  }
  return path;
}

} // namespace ctest_matrix
