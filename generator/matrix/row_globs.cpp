#include "matrix/row_globs.hpp"

#include "base/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

std::string file_of(const Matrix& matrix, const std::string& row) {
  const auto file = matrix.runner.file->render([&](std::string_view) { return row; });
  return file ? *file : "";
}

} // namespace

std::vector<std::string> rows_on_disk(const Matrix& matrix, const std::filesystem::path& root, ReadLog& log) {
  std::vector<std::string> names;
  if (!matrix.runner.file) {
    return names;
  }
  const std::string pattern = file_of(matrix, "*");
  const std::size_t star = pattern.find('*');
  for (const std::string& path : glob(root / matrix.runner.directory, {pattern}, log)) {
    const std::size_t around = pattern.size() - 1;
    std::string name = path.size() > around ? path.substr(star, path.size() - around) : "";
    if (!name.empty() && name.find_first_not_of(k_plain) == std::string::npos &&
        file_of(matrix, name) == path) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

void expand_row_globs(Matrix& matrix, const std::vector<std::string>& on_disk, Diagnostics& diagnostics) {
  std::set<std::string> taken;
  for (const Row& row : matrix.rows) {
    taken.insert(row.name);
  }
  std::vector<Row> rows;
  auto next = matrix.rows.begin();
  for (const RowGlob& glob : matrix.row_globs) {
    const auto until = matrix.rows.begin() + static_cast<std::ptrdiff_t>(glob.position);
    rows.insert(rows.end(), std::make_move_iterator(next), std::make_move_iterator(until));
    next = until;
    bool matched = false;
    for (const std::string& name : on_disk) {
      const bool left_out = std::any_of(glob.except.begin(), glob.except.end(),
                                        [&](const std::string& except) { return glob_match(except, name); });
      if (left_out || !glob_match(glob.pattern, name)) {
        continue;
      }
      matched = true;
      if (taken.insert(name).second) {
        Row row = glob.row;
        row.name = name;
        row.suite = name;
        rows.push_back(std::move(row));
      }
    }
    if (!matched) {
      diagnostics.error("M025", glob.row.location,
                        fmt::format("rows: no test file matches the pattern '{}'; expected files like {}",
                                    glob.pattern, file_of(matrix, glob.pattern)));
    }
  }
  rows.insert(rows.end(), std::make_move_iterator(next), std::make_move_iterator(matrix.rows.end()));
  matrix.rows = std::move(rows);
}

} // namespace ctest_matrix
