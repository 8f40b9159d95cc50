// What the matrix wants to see in a progress file, and a new file with just that.
#pragma once

#include "base/clock.hpp"

#include <string>
#include <vector>

namespace ctest_matrix {

struct DocumentRow {
  std::string file; ///< actor-conn; without white space and `|`
  std::string suite;
  std::string remark; ///< shown in parentheses behind the suite: why a row is excluded
};

struct DocumentSection {
  std::string heading; ///< Fast Tests
  std::vector<DocumentRow> rows;
};

struct DocumentSpec {
  std::string title;                ///< Driver Test Suite Progress
  std::string config;               ///< registry (static), encoding (bare), runtimes (native, wasm)
  std::vector<std::string> columns; ///< native, wasm
  std::vector<DocumentSection> sections;
};

/// A row with all its boxes open, without newline: `- [ ] [ ] actor-conn | Actor Connection Tests`.
std::string render_row(const DocumentRow& row, std::size_t boxes);

/// The progress file as it begins, with every box open and an empty log. Sections without rows are left out.
std::string render_document(const DocumentSpec& spec, TimePoint started);

} // namespace ctest_matrix
