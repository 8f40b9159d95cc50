// Which suites of tests a checkout holds: told by the marks of their runners (dependencies, scripts,
// configuration files, what the sources include) and by the names of their files. Runs nothing.
#pragma once

#include "check/one_program.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// A test runner that `init` knows.
struct RunnerKind {
  std::string_view name;          ///< as its file in templates/suite/
  std::vector<std::string> files; ///< what its test files look like, from its directory on
};

/// The test files of one runner below one directory.
struct FoundSuite {
  const RunnerKind* kind = nullptr;
  std::filesystem::path directory;        ///< the runner's, absolute
  std::string mark;                       ///< what tells the runner: `vitest in package.json`
  std::string script{};                   ///< what the script says that tells it; empty: none does
  std::string files;                      ///< `tests/*.test.ts`, `src/**/*.test.ts` where they lie deeper
  std::vector<std::string> endings{};     ///< `.tsx`: of files that differ from `files` in nothing else
  std::vector<std::string> other_files{}; ///< patterns of files with other names that can be rows beside them
  std::size_t count = 0;
  std::vector<std::string> packages{}; ///< directories of these files, where they run by directory: `.`,
                                       ///< `http/v2`; names of crates
  std::optional<OneProgram> program{}; ///< that all these files make; its suites are the rows then
  std::vector<std::string> programs{}; ///< that several of these files make each: these are the rows then
  std::vector<std::string> left_out;   ///< other test files, a sentence each
};

const std::vector<RunnerKind>& runner_kinds();

/// A pattern of test files as `file` of a matrix says it: `src/{file}.test.ts` for `src/**/*.test.ts`, and
/// `tests/**/test_{file}.py` where {file} alone would leave no directory in front of the name.
std::string file_of_rows(const std::string& pattern);

/// The same for each ending, and for the other files: all that `file` says.
std::vector<std::string> files_of_rows(const FoundSuite& suite);

/// The suites below a directory of a checkout, or where there is none, below the nearest one above it that
/// has some. With the name of a kind: only those, also where nothing but the names of files speaks for them.
std::vector<FoundSuite> find_suites(const std::filesystem::path& directory,
                                    const std::filesystem::path& checkout, std::string_view kind = "");

} // namespace ctest_matrix
