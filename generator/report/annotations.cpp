#include "report/annotations.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "report/failure_list.hpp"
#include "report/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_annotations = 50;       // of a step; GitHub shows no more
constexpr std::size_t k_annotation_text = 4000; // bytes

/// The place that GitLab needs of every one: where nothing better is known, the row of the cell.
std::pair<std::string, int> place_of(const Plan& plan, const ToldFailure& failure) {
  if (!failure.file.empty()) {
    return {failure.file, std::max(failure.line, 1)};
  }
  const Cell* const cell = find_cell(plan, failure.cell);
  const Places& places = plan.common.places;
  return {places.matrix.lexically_relative(places.root).generic_string(),
          cell == nullptr ? 1 : std::max(cell->row->location.line, 1)};
}

} // namespace

std::string github_annotations(const Plan& plan, const ProgressReport& report) {
  std::string text;
  for (const std::string& finding : report.shares) {
    text += fmt::format("::error title=shares::{}\n", workflow_message(finding));
  }
  const std::vector<ToldFailure> failures = list_failures(plan, report);
  for (std::size_t i = 0; i < failures.size() && i < k_annotations; ++i) {
    const ToldFailure& failure = failures[i];
    const auto [file, line] = place_of(plan, failure);
    text += fmt::format("::{} file={},line={},title={}::{}\n", failure.known ? "warning" : "error",
                        workflow_property(file), line,
                        workflow_property(ellipsis(failure.title, k_annotation_text)),
                        workflow_message(ellipsis(failure.message, k_annotation_text)));
  }
  if (failures.size() > k_annotations) {
    text += fmt::format("::error title=more::{} more\n", plural(failures.size() - k_annotations, "failure"));
  }
  return text;
}

std::string gitlab_code_quality(const Plan& plan, const ProgressReport& report) {
  Json list = Json::array();
  for (const ToldFailure& failure : list_failures(plan, report)) {
    const auto [file, line] = place_of(plan, failure);
    const std::string message = ellipsis(printable(strip_ansi(failure.message)), k_annotation_text);
    list.push_back(Json::object(
        {{"description", fmt::format("{}: {}", printable(failure.title), message)},
         {"check_name", printable(failure.cell)},
         {"fingerprint", fingerprint(failure.cell + '\n' + failure.test + '\n' + plan.common.name)},
         {"severity", failure.known ? "info" : "major"},
         {"location",
          Json::object({{"path", printable(file)}, {"lines", Json::object({{"begin", line}})}})}}));
  }
  return list.dump(2) + "\n";
}

} // namespace ctest_matrix
