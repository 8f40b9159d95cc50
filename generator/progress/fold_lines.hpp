// What has been applied, as a set of lines, and changes of it: the form in which it is kept.
//
// Format, fields as in base/tab_lines.hpp: `c` key finished id passed: the newest result of a cell; `e` box
// time: an edit; `n` finished id: the newest reset; `s`: the boxes were seen; `t` box: it was ticked then.
// Times in milliseconds since 1970.
#pragma once

#include "progress/fold.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Lines, each with its newline, that come and go.
struct FoldChange {
  std::vector<std::string> removed;
  std::vector<std::string> added;

  bool operator==(const FoldChange&) const = default;
};

std::set<std::string> fold_lines(const FoldState& fold);

/// Throws std::exception for lines that `fold_lines` does not write.
FoldState fold_from_lines(std::string_view lines);

FoldChange change_between(const FoldState& before, const FoldState& after);

/// Throws as above.
void change(FoldState& fold, const FoldChange& change);

/// What the lines about a cell or a box begin with.
std::string cell_line_begin(const std::string& cell_key);
std::string edit_line_begin(const std::string& box_key);
std::string ticked_line(const std::string& box_key);

} // namespace ctest_matrix
