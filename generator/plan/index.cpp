#include "plan/index.hpp"

#include "base/directory.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"
#include "plan/plan_fields.hpp"
#include "process/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_frame = "ctest-matrix-index\n";
constexpr std::string_view k_row = "row\t";

Error not_an_index(std::string_view why) {
  return {ExitCode::input, fmt::format("not an index of this version of ctest-matrix: {}", why)};
}

Result<void> check_plan_format(std::string_view common) {
  const auto format = format_of(common);
  if (!format || *format == k_plan_format) {
    return {};
  }
  return Error{ExitCode::input,
               fmt::format("the tests were loaded by {} version of ctest-matrix (plan of format {}, "
                           "expected {}): let ctest load them again, `ctest --test-dir DIR`",
                           *format < k_plan_format ? "an earlier" : "a later", *format, k_plan_format)};
}

/// Takes the first line, with its newline, off the text.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

template <typename Part>
Result<Part> read_part(std::string_view json) {
  auto part = from_json<Part>(json);
  return part ? std::move(part) : not_an_index(part.error().message);
}

Result<std::vector<Row>> read_rows(std::string_view text) {
  std::vector<Row> rows;
  while (text.starts_with(k_row)) {
    TRY_ASSIGN(Row row, read_part<Row>(take_line(text).substr(k_row.size())));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The cell of this name, made as it was made when the plan was; none where there is no such cell.
std::vector<Cell> cell_named(const Plan& plan, std::string_view name) {
  for (std::size_t i = 0; i < plan.rows.size(); ++i) {
    const std::string& row = plan.rows[i].name;
    if (name.size() <= row.size() || name[row.size()] != '.' || !name.starts_with(row)) {
      continue;
    }
    std::vector<Cell> cells = cells_of({plan.rows[i]}, plan.common.columns, plan.common.labels);
    std::erase_if(cells, [&](const Cell& cell) { return cell.name != name; });
    if (!cells.empty()) {
      return cells;
    }
  }
  return {};
}

/// Removes the indexes that nobody has used for two days, and that no ctest that runs can have loaded: it
/// would have used it since it was started.
void remove_unused(const fs::path& state, fs::file_time_type now) {
  constexpr std::chrono::hours k_kept(48);
  for (const DirectoryEntry& entry : list_directory(state)) {
    std::error_code error;
    const fs::path file = state / entry.name;
    if (entry.name.starts_with("cells-") && entry.name.ends_with(".jsonl")) {
      const auto unused = now - fs::last_write_time(file, error);
      if (!error && unused > k_kept && unused > longest_running("ctest") + std::chrono::minutes(1)) {
        fs::remove(file, error);
      }
    }
  }
}

} // namespace

std::string write_plan(const Plan& plan) {
  constexpr std::size_t k_usual = 128; // characters of a row
  std::string text;
  text.reserve(k_usual * (plan.rows.size() + 64));
  text += k_frame;
  text += to_json(plan.common) + '\n';
  for (const Row& row : plan.rows) {
    text += k_row;
    text += to_json(row) + '\n';
  }
  text += k_frame;
  return text;
}

Result<Plan> read_plan(std::string_view text, std::string_view name) {
  TRY(check_plan_format(text)); // version 0.1 had no frame
  if (!text.starts_with(k_frame) || !text.ends_with(k_frame) || text.size() < 2 * k_frame.size()) {
    return not_an_index("it is not whole");
  }
  text.remove_prefix(k_frame.size());
  Plan plan;
  const std::string_view common = take_line(text);
  TRY(check_plan_format(common));
  TRY_ASSIGN(plan.common, read_part<CommonPlan>(common));
  if (name.empty()) {
    return plan;
  }
  TRY_ASSIGN(plan.rows, read_rows(text));
  plan.cells = cell_named(plan, name);
  if (plan.cells.empty()) {
    return Error{ExitCode::input, fmt::format("the matrix {} has no cell '{}'", plan.common.name, name)};
  }
  return plan;
}

Result<Plan> load_plan_of(const fs::path& index, std::string_view cell) {
  TRY_ASSIGN(const std::string text, read_file(index));
  std::error_code ignored;
  fs::last_write_time(index, fs::file_time_type::clock::now(), ignored); // it is in use
  TRY_ASSIGN(Plan plan, read_plan(text, cell));
  const fs::path& state = plan.common.places.state;
  if (!fs::equivalent(fs::absolute(index, ignored).parent_path(), state, ignored)) {
    return Error{ExitCode::setup,
                 fmt::format("{} is a copy of an index of {}, whose tests are other ones; let ctest load "
                             "the tests here",
                             index.string(), state.string())};
  }
  return plan;
}

Result<std::vector<std::string>> row_names_of(const fs::path& index) {
  TRY_ASSIGN(const std::string text, read_file(index));
  constexpr std::string_view k_begin = "\nrow\t{\"name\":\""; // no name has a character to be escaped
  std::vector<std::string> names;
  for (std::size_t at = text.find(k_begin); at != std::string::npos; at = text.find(k_begin, at + 1)) {
    const std::size_t begin = at + k_begin.size();
    names.push_back(text.substr(begin, text.find('"', begin) - begin));
  }
  return names;
}

bool is_beside(const Places& places, const std::function<bool(const fs::path& index)>& has) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(places.state.parent_path(), ignored)) {
    const fs::path& beside = entry.path();
    if (fs::equivalent(beside, places.state, ignored) || !fs::exists(beside / "load.cmake", ignored)) {
      continue;
    }
    const auto indexes = glob(beside, {"cells-*.jsonl"});
    if (indexes.empty() ||
        std::ranges::any_of(indexes, [&](const std::string& index) { return has(beside / index); })) {
      return true;
    }
  }
  return false;
}

Result<fs::path> store_plan(const Plan& plan) {
  const std::string text = write_plan(plan);
  const fs::path path = plan.common.places.state / fmt::format("cells-{}.jsonl", fingerprint(text));
  std::error_code ignored;
  const auto now = fs::file_time_type::clock::now();
  const auto known = read_file(path);
  if (!known || *known != text) { // no need to wait for the disk: the next load would make it again
    TRY(write_file_quickly(path, text));
  }
  fs::last_write_time(path, now, ignored);
  remove_unused(plan.common.places.state, now);
  return path;
}

} // namespace ctest_matrix
