#include "check/list.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "plan/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::string list_text(const Plan& plan) {
  std::size_t names = 0;
  std::size_t labels = 0;
  for (const Cell& cell : plan.cells) {
    names = std::max(names, cell.name.size());
    labels = std::max(labels, join(labels_of(cell), ";").size());
  }
  std::string text;
  for (const Cell& cell : plan.cells) {
    text +=
        fmt::format("{:<{}}  {:<{}}  {:>5} s  {}:{}\n", cell.name, names, join(labels_of(cell), ";"), labels,
                    cell.timeout, plan.common.places.matrix.filename().string(), cell.row->location.line);
  }
  for (const Row& row : plan.absent_rows) {
    text += fmt::format("{}: optional, and its file is not there  {}:{}\n", row.name,
                        plan.common.places.matrix.filename().string(), row.location.line);
  }
  return text;
}

std::string list_json(const Plan& plan) {
  Json cells = Json::array();
  for (const Cell& cell : plan.cells) {
    Json axes;
    for (const auto& [axis, value] : cell.variant->axes) {
      axes.set(axis, value);
    }
    cells.push_back(Json::object({{"name", cell.name},
                                  {"row", cell.row->name},
                                  {"suite", cell.row->suite},
                                  {"column", cell.variant->column},
                                  {"axes", std::move(axes)},
                                  {"labels", labels_of(cell)},
                                  {"timeout", cell.timeout},
                                  {"excluded", cell.row->is_excluded()},
                                  {"skip", cell.skip_reason},
                                  {"file", bind(plan.common, cell).file.string()},
                                  {"line", cell.row->location.line}}));
  }
  return cells.dump(2) + "\n";
}

namespace {

constexpr std::size_t k_github_jobs = 256; // of a matrix
constexpr std::size_t k_gitlab_jobs = 200; // of `parallel: matrix:`

/// Error (usage): there are more cells than a CI takes jobs.
Result<std::vector<const Cell*>> cells_for(const Plan& plan, const char* ci, std::size_t most) {
  std::vector<const Cell*> cells;
  for (const Cell& cell : plan.cells) {
    if (!cell.row->is_excluded()) {
      cells.push_back(&cell);
    }
  }
  if (cells.size() > most) {
    return Error{
        ExitCode::usage,
        fmt::format("{} cells are more than the {} jobs that {} takes at once; give each job a share of them "
                    "(ctest-matrix shard --count {}, CTEST_MATRIX_SHARD=1/{}; ctest-matrix init --ci {})",
                    cells.size(), most, ci, most / 4, most / 4, ci)};
  }
  return cells;
}

std::string test_pattern(const Plan& plan, const Cell& cell) {
  return fmt::format("^{}$", escape_regex(cell_test(plan.common.places, cell.name)));
}

} // namespace

Result<std::string> list_github(const Plan& plan) {
  TRY_ASSIGN(const auto cells, cells_for(plan, "github", k_github_jobs));
  Json jobs = Json::array();
  for (const Cell* cell : cells) {
    jobs.push_back(Json::object({{"cell", cell->name},
                                 {"row", cell->row->name},
                                 {"column", cell->variant->column},
                                 {"test", test_pattern(plan, *cell)},
                                 {"minutes", cell->timeout / 60 + 1}}));
  }
  return Json::object({{"include", std::move(jobs)}}).dump() + "\n";
}

Result<std::string> list_gitlab(const Plan& plan) {
  TRY_ASSIGN(const auto cells, cells_for(plan, "gitlab", k_gitlab_jobs));
  Json jobs = Json::array();
  for (const Cell* cell : cells) {
    jobs.push_back(Json::object({{"CELL", cell->name}, {"TEST", test_pattern(plan, *cell)}}));
  }
  const std::string matrix =
      plan.common.places.matrix.lexically_relative(plan.common.places.root).generic_string();
  return Json::object(
             {{"cells",
               Json::object(
                   {{"parallel", Json::object({{"matrix", std::move(jobs)}})},
                    {"script",
                     Json::array(
                         {fmt::format("ctest-matrix generate {} --build-dir build", shell_quote(matrix)),
                          "ctest --test-dir build -R \"$TEST\" --no-tests=error --output-on-failure"})}})}})
             .dump(2) +
         "\n";
}

} // namespace ctest_matrix
