#include "plan/index.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "plan/plan_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_frame = "ctest-matrix-index\n";
constexpr std::string_view k_row = "row\t";
constexpr std::string_view k_cell = "cell\t";

/// The text up to the delimiter, which is taken off the text together with it.
std::string_view take_until(std::string_view& text, char delimiter) {
  const std::string_view part = text.substr(0, text.find(delimiter));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

void append_line(std::string& text, std::string_view kind, std::string_view name, std::string_view json) {
  text += kind;
  text += name;
  text += '\t';
  text += json;
  text += '\n';
}

/// What stands behind the name in the line of a cell; nothing when there is no such line.
std::optional<std::string_view> find_cell(std::string_view text, std::string_view name) {
  const std::string begin = fmt::format("\n{}{}\t", k_cell, name);
  const std::size_t found = text.find(begin);
  if (found == std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(found + begin.size());
  return take_until(text, '\n');
}

std::vector<Row> read_rows(std::string_view text) {
  std::vector<Row> rows;
  while (text.starts_with(k_row)) {
    text.remove_prefix(k_row.size());
    const std::string_view name = take_until(text, '\t');
    rows.push_back(row_from_json(name, take_until(text, '\n')));
  }
  return rows;
}

} // namespace

std::string write_plan(const Plan& plan) {
  std::string text(k_frame);
  text += common_to_json(plan.common);
  text += '\n';
  for (const Row& row : plan.rows) {
    append_line(text, k_row, row.name, row_to_json(row));
  }
  for (const Cell& cell : plan.cells) {
    append_line(text, k_cell, cell.name, cell_to_json(cell));
  }
  text += k_frame;
  return text;
}

Result<Plan> read_plan(std::string_view text, std::string_view cell) {
  try {
    if (!text.starts_with(k_frame) || !text.ends_with(k_frame) || text.size() < 2 * k_frame.size()) {
      throw std::runtime_error("it is not whole");
    }
    text.remove_prefix(k_frame.size());
    Plan plan;
    plan.common = common_from_json(take_until(text, '\n'));
    if (cell.empty()) {
      return plan;
    }
    const auto found = find_cell(text, cell);
    if (!found) {
      return Error{ExitCode::input, fmt::format("the matrix {} has no cell '{}'", plan.common.name, cell)};
    }
    plan.rows = read_rows(text);
    plan.cells.push_back(cell_from_json(cell, plan.rows, *found));
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
  const fs::path path = plan.common.places.state / fmt::format("cells-{}.jsonl", fingerprint(text));
  std::error_code ignored;
  const auto now = fs::file_time_type::clock::now();
  TRY(write_file_if_changed(path, text));
  fs::last_write_time(path, now, ignored);
  for (const auto& entry : fs::directory_iterator(plan.common.places.state, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("cells-") && name.ends_with(".jsonl") &&
        now - entry.last_write_time(ignored) > std::chrono::hours(48)) {
      fs::remove(entry.path(), ignored);
    }
  }
  return path;
}

} // namespace ctest_matrix
