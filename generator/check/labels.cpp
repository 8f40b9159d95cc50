#include "check/labels.hpp"

#include "matrix/reserved_words.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace ctest_matrix {

void check_label_parts(const Project& project, Diagnostics& diagnostics) {
  std::map<std::string, SourceLocation> labels;
  for (const std::string& label : labels_of_ours()) {
    if (label != k_selected_label) { // which only `run` says
      labels.emplace(label, SourceLocation());
    }
  }
  for (const auto& [label, place] : placed_labels(project.matrix, project.expansion)) {
    labels.emplace(label, place.location);
  }
  for (const auto& [inner, place] : labels) {
    for (const auto& [outer, other] : labels) {
      if (inner != outer && outer.find(inner) != std::string::npos) {
        diagnostics.warning(
            "M014", place.line > 0 ? place : other,
            fmt::format("the label '{}' is part of the label '{}': `ctest -L {}` selects both, `ctest -L "
                        "'^{}$'` only the first",
                        inner, outer, inner, inner));
      }
    }
  }
}

} // namespace ctest_matrix
