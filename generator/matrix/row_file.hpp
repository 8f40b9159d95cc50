// Where the test file of a row is: the key `file` of the runner, or the argument of its command that takes
// the place of it.
#pragma once

#include <functional>
#include <map>
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
class FilePattern {
public:
  /// Nothing where `text` has no {file} or several, several `**`, or a wildcard elsewhere.
  static std::optional<FilePattern> parse(std::string_view text);

  std::optional<std::string> path_of(std::string_view row) const;
  std::optional<std::string> row_of(std::string_view path) const;
  std::vector<std::string> globs_of(std::string_view row_pattern) const;
  std::vector<std::string> all_globs() const;
  std::string source() const;

  bool operator==(const FilePattern&) const = default;

private:
  std::string m_before; ///< of {file}
  std::string m_after;
  bool m_wild = false; ///< `m_before` has wildcards
};

/// Where test files are: one pattern or several (`src/{file}.test.ts`, `src/{file}.test.tsx`).
class TestFile {
public:
  /// One pattern a line. Nothing where one of them is none.
  static std::optional<TestFile> parse(std::string_view text);

  /// The file of a row: of several patterns that of which a file was found, else the first that can have one;
  /// nothing where no row of this name can have a file (too few directories, too many).
  std::optional<std::string> path_of(std::string_view row) const;

  /// Whether the name of a row does not tell its file.
  bool has_several_patterns() const { return m_patterns.size() > 1; }

  /// The files that the row can have.
  std::vector<std::string> paths_of(std::string_view row) const;

  /// The name of the row that has this file; nothing where no row can have it.
  std::optional<std::string> row_of(std::string_view path) const;

  /// Learns of files that are there, which of the patterns is that of a row; gives the rows that would have
  /// two files.
  std::vector<std::string> find(const std::vector<std::string>& paths);

  /// Globs that find the files of all rows that a pattern of rows can match, and perhaps more.
  std::vector<std::string> globs_of(std::string_view row_pattern) const;

  /// Globs that find the files of all rows, in every directory.
  std::vector<std::string> all_globs() const;

  /// As it was written, one pattern a line.
  std::string source() const;

  bool operator==(const TestFile&) const = default;

private:
  std::vector<FilePattern> m_patterns;
  std::map<std::string, std::string, std::less<>> m_found; ///< the files of rows, where patterns are several
};

/// A pattern of rows as it is matched: a `**` at its end stands for everything below.
std::string row_pattern(std::string_view pattern);

/// Whether a row has a name that the pattern matches.
bool row_matches(std::string_view pattern, std::string_view row);

} // namespace ctest_matrix
