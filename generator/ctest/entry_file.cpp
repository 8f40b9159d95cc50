#include "ctest/entry_file.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/bracket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_mark = "# Written by ctest-matrix generate; its matrices:";

fs::path entry_file(const fs::path& build_dir) {
  return build_dir / "CTestTestfile.cmake";
}

/// The lines below the mark; none where there is no such file yet.
Result<std::vector<std::string>> known_includes(const fs::path& build_dir) {
  const auto existing = read_file(entry_file(build_dir));
  if (!existing) {
    return std::vector<std::string>();
  }
  std::vector<std::string> lines = split_lines(*existing);
  if (lines.empty() || lines.front() != k_mark) {
    return Error{ExitCode::input,
                 fmt::format("{} was not written by ctest-matrix and stays as it is; choose another "
                             "--build-dir, or use matrix_discover_tests() in the CMake project",
                             entry_file(build_dir).string())};
  }
  lines.erase(lines.begin());
  return lines;
}

} // namespace

Result<void> check_entry_file(const fs::path& build_dir) {
  TRY(known_includes(build_dir));
  return {};
}

Result<void> include_in_entry_file(const fs::path& build_dir, const fs::path& script) {
  TRY_ASSIGN(std::vector<std::string> includes, known_includes(build_dir));
  const std::string include = fmt::format("include({})", bracket(script.string(), "=="));
  if (std::ranges::find(includes, include) == includes.end()) {
    includes.push_back(include);
  }
  return write_file_if_changed(entry_file(build_dir), fmt::format("{}\n{}\n", k_mark, join(includes, "\n")));
}

} // namespace ctest_matrix
