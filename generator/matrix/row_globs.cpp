#include "matrix/row_globs.hpp"

#include "base/glob.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ctest_matrix {

namespace {

/// The names of the rows of files, sorted.
std::vector<std::string> rows_of(const TestFile& file, const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    if (auto name = file.row_of(path)) {
      names.push_back(std::move(*name));
    }
  }
  sort_unique(names);
  return names;
}

/// The pattern of all rows beside a row.
std::string beside(const std::string& row) {
  const std::size_t slash = row.rfind('/');
  return slash == std::string::npos ? "*" : row.substr(0, slash) + "/*";
}

bool is_left_out(const RowGlob& glob, const std::string& name) {
  return std::ranges::any_of(glob.except,
                             [&](const std::string& except) { return row_matches(except, name); });
}

/// Which of these names, which are sorted, are those of rows of the matrix.
std::vector<bool> named_by_rows(const Matrix& matrix, const std::vector<std::string>& names) {
  std::vector<bool> named(names.size());
  for (const Row& row : matrix.rows) {
    const auto found = std::ranges::lower_bound(names, row.name);
    if (found != names.end() && *found == row.name) {
      named[static_cast<std::size_t>(found - names.begin())] = true;
    }
  }
  return named;
}

} // namespace

std::vector<std::string> rows_on_disk(Matrix& matrix, const std::filesystem::path& root, ReadLog& log,
                                      Diagnostics& diagnostics) {
  if (!matrix.runner.file) {
    return {};
  }
  std::set<std::string> patterns;
  for (const Row& row : matrix.rows) {
    patterns.insert(beside(row.name));
  }
  for (const RowGlob& glob : matrix.row_globs) {
    patterns.insert(glob.pattern);
  }
  std::vector<std::string> globs;
  for (const std::string& pattern : patterns) {
    const auto own = matrix.runner.file->globs_of(pattern);
    globs.insert(globs.end(), own.begin(), own.end());
  }
  const std::vector<std::string> paths = glob(root / matrix.runner.directory, globs, log, Links::left_alone);
  for (const std::string& row : matrix.runner.file->find(paths)) {
    diagnostics.error("M012", matrix.rows_place,
                      fmt::format("rows: '{}' would be several files: {}; give them names that differ, or a "
                                  "matrix for each pattern of runner: file",
                                  row, join(matrix.runner.file->paths_of(row), ", ")));
  }
  return rows_of(*matrix.runner.file, paths);
}

std::vector<std::string> all_rows_on_disk(const Matrix& matrix, const std::filesystem::path& root) {
  ReadLog unread;
  return matrix.runner.file
             ? rows_of(*matrix.runner.file, glob(root / matrix.runner.directory,
                                                 matrix.runner.file->all_globs(), unread, Links::left_alone))
             : std::vector<std::string>();
}

bool is_left_out(const Matrix& matrix, const std::string& name) {
  return std::ranges::any_of(matrix.row_globs, [&](const RowGlob& glob) {
    return row_matches(glob.pattern, name) && is_left_out(glob, name);
  });
}

void expand_row_globs(Matrix& matrix, const std::vector<std::string>& on_disk, Diagnostics& diagnostics) {
  if (matrix.row_globs.empty()) {
    return;
  }
  std::vector<bool> taken = named_by_rows(matrix, on_disk);
  std::vector<Row> rows;
  rows.reserve(matrix.rows.size() + on_disk.size());
  auto next = matrix.rows.begin();
  for (const RowGlob& glob : matrix.row_globs) {
    const auto until = matrix.rows.begin() + static_cast<std::ptrdiff_t>(glob.position);
    rows.insert(rows.end(), std::make_move_iterator(next), std::make_move_iterator(until));
    next = until;
    const std::string pattern = row_pattern(glob.pattern);
    bool matched = false;
    for (std::size_t file = 0; file < on_disk.size(); ++file) {
      const std::string& name = on_disk[file];
      if (!glob_match(pattern, name) || is_left_out(glob, name)) {
        continue;
      }
      matched = true;
      if (!is_row_name(name)) {
        diagnostics.error("M017", glob.row.location,
                          fmt::format("rows '{}': the test file {}: {}; `except` leaves it out", glob.pattern,
                                      matrix.runner.file->path_of(name).value_or(name),
                                      expected_row_name(name)));
      } else if (!taken[file]) {
        taken[file] = true;
        Row& row = rows.emplace_back(glob.row);
        row.name = name;
        row.suite = name;
      }
    }
    if (!matched && glob.row.optional) {
      matrix.absent_rows.push_back(glob.row);
    } else if (!matched) {
      diagnostics.error("M025", glob.row.location,
                        fmt::format("rows: no test file matches the pattern '{}'; expected files like {}",
                                    glob.pattern, join(matrix.runner.file->globs_of(glob.pattern), " or ")));
    }
  }
  rows.insert(rows.end(), std::make_move_iterator(next), std::make_move_iterator(matrix.rows.end()));
  matrix.rows = std::move(rows);
}

} // namespace ctest_matrix
