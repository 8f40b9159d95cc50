#include "check/list.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

std::string list_text(const Plan& plan) {
  std::size_t names = 0;
  std::size_t labels = 0;
  for (const Cell& cell : plan.cells) {
    names = std::max(names, cell.name.size());
    labels = std::max(labels, join(cell.labels, ";").size());
  }
  std::string text;
  for (const Cell& cell : plan.cells) {
    text += fmt::format("{:<{}}  {:<{}}  {:>5} s  {}:{}\n", cell.name, names, join(cell.labels, ";"), labels,
                        cell.timeout, plan.common.places.matrix.filename().string(), cell.row.location.line);
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
    for (const auto& [axis, value] : cell.axes) {
      axes.set(axis, value);
    }
    cells.push_back(Json::object({{"name", cell.name},
                                  {"row", cell.row.name},
                                  {"suite", cell.row.suite},
                                  {"column", cell.column},
                                  {"axes", std::move(axes)},
                                  {"labels", cell.labels},
                                  {"timeout", cell.timeout},
                                  {"excluded", cell.row.is_excluded()},
                                  {"skip", cell.skip_reason},
                                  {"file", cell.file.string()},
                                  {"line", cell.row.location.line}}));
  }
  return cells.dump(2) + "\n";
}

} // namespace ctest_matrix
