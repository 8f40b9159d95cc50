// Where the test file of a row is: the key `file` of the runner, or the argument of its command that takes
// the place of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// A path with {file} in it once. Without wildcards {file} is the whole name of a row, with its directories:
/// `tests/{file}.test.ts` of `http/get` is `tests/http/get.test.ts`. With wildcards, which are whole segments
/// before it (`*` for one directory, `**` for any number), {file} is the last segment of the name, and the
/// wildcards are its directories: `packages/*/test/{file}.test.ts` of `core/get` is
/// `packages/core/test/get.test.ts`.
class TestFile {
public:
  /// Nothing where `text` has no {file} or several, several `**`, or a wildcard elsewhere.
  static std::optional<TestFile> parse(std::string_view text);

  /// The file of a row; nothing where a row of this name can have none (too few directories, too many).
  std::optional<std::string> path_of(std::string_view row) const;

  /// The name of the row that has this file; nothing where no row can have it.
  std::optional<std::string> row_of(std::string_view path) const;

  /// Globs that find the files of all rows that a pattern of rows can match, and perhaps more.
  std::vector<std::string> globs_of(std::string_view row_pattern) const;

  /// Globs that find the files of all rows, in every directory.
  std::vector<std::string> all_globs() const;

  /// As it was written.
  std::string source() const;

  bool operator==(const TestFile&) const = default;

private:
  std::string m_before; ///< of {file}
  std::string m_after;
  bool m_wild = false; ///< `m_before` has wildcards
};

/// A pattern of rows as it is matched: a `**` at its end stands for everything below.
std::string row_pattern(std::string_view pattern);

/// Whether a row has a name that the pattern matches.
bool row_matches(std::string_view pattern, std::string_view row);

} // namespace ctest_matrix
