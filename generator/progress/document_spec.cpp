#include "progress/document_spec.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

std::string render_row(const DocumentRow& row, std::size_t boxes) {
  std::string line = "-";
  for (std::size_t i = 0; i < boxes; ++i) {
    line += " [ ]";
  }
  line += fmt::format(" {} | {}", row.file, row.suite);
  return row.remark.empty() ? line : fmt::format("{} ({})", line, row.remark);
}

std::string render_document(const DocumentSpec& spec, TimePoint started) {
  std::string text =
      fmt::format("# {}\n\n"
                  "Started: {}\n"
                  "Config: {}\n\n"
                  "Each row: `[{}] <file> | <suite description>`\n\n",
                  spec.title, format_timestamp(started), spec.config, join(spec.columns, "] ["));
  for (const DocumentSection& section : spec.sections) {
    if (section.rows.empty()) {
      continue;
    }
    text += fmt::format("## {}\n\n", section.heading);
    for (const DocumentRow& row : section.rows) {
      text += render_row(row, spec.columns.size()) + '\n';
    }
    text += '\n';
  }
  return text + "## Log\n";
}

} // namespace ctest_matrix
