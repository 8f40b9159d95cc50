#include "check/list.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace ctest_matrix {

std::string list_text(const Plan& plan) {
  std::size_t names = 0;
  std::size_t labels = 0;
  for (const CellPlan& cell : plan.cells) {
    names = std::max(names, cell.name.size());
    labels = std::max(labels, join(cell.labels, ";").size());
  }
  std::string text;
  for (const CellPlan& cell : plan.cells) {
    text += fmt::format("{:<{}}  {:<{}}  {:>5} s  {}:{}\n", cell.name, names, join(cell.labels, ";"), labels,
                        cell.timeout, plan.suite.places.matrix.filename().string(), cell.line);
  }
  return text;
}

std::string list_json(const Plan& plan) {
  nlohmann::ordered_json cells = nlohmann::ordered_json::array();
  for (const CellPlan& cell : plan.cells) {
    nlohmann::ordered_json axes;
    for (const auto& [axis, value] : cell.axes) {
      axes[axis] = value;
    }
    cells.push_back({{"name", cell.name},
                     {"row", cell.row},
                     {"suite", cell.suite},
                     {"column", cell.column},
                     {"axes", std::move(axes)},
                     {"labels", cell.labels},
                     {"timeout", cell.timeout},
                     {"excluded", cell.excluded},
                     {"skip", cell.skip_reason},
                     {"file", cell.file.string()},
                     {"line", cell.line}});
  }
  return cells.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace ctest_matrix
