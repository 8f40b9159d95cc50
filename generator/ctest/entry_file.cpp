#include "ctest/entry_file.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/bracket.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_mark = "# Written by ctest-matrix generate; its matrices:";
constexpr std::string_view k_begin = "include([==[";
constexpr std::string_view k_end = "]==])";

fs::path entry_file(const fs::path& build_dir) {
  return build_dir / k_entry_file;
}

/// The lines below the mark; none where there is no such file yet.
Result<std::vector<std::string>> known_includes(const fs::path& build_dir) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(entry_file(build_dir), ignored))) {
    return std::vector<std::string>();
  }
  TRY_ASSIGN(const std::string existing, read_file(entry_file(build_dir)));
  std::vector<std::string> lines = split_lines(existing);
  if (lines.empty() || lines.front() != k_mark) {
    return Error{ExitCode::input,
                 fmt::format("{} was not written by ctest-matrix and stays as it is; choose another "
                             "--build-dir, or use matrix_discover_tests() in the CMake project",
                             entry_file(build_dir).string())};
  }
  lines.erase(lines.begin());
  return lines;
}

/// The script that a line includes; empty where the line is none of ours.
fs::path script_of(const fs::path& build_dir, std::string_view line) {
  if (!line.starts_with(k_begin) || !line.ends_with(k_end)) {
    return {};
  }
  line.remove_prefix(k_begin.size());
  line.remove_suffix(k_end.size());
  return (build_dir / line).lexically_normal();
}

/// CTest takes a path that is not absolute from the directory that it reads, and a bare name for that of a
/// module.
std::string include_of(const fs::path& build_dir, const fs::path& script) {
  const fs::path relative = script.lexically_relative(build_dir);
  const bool is_below = !relative.empty() && *relative.begin() != "..";
  return fmt::format("include({})", bracket(is_below ? "./" + relative.string() : script.string(), "=="));
}

} // namespace

Result<void> check_entry_file(const fs::path& build_dir) {
  TRY(known_includes(build_dir));
  return {};
}

Result<void> include_in_entry_file(const fs::path& build_dir, const fs::path& script,
                                   const std::function<bool(const fs::path&)>& is_replaced) {
  TRY_ASSIGN(const std::vector<std::string> known, known_includes(build_dir));
  std::string text = std::string(k_mark) + '\n';
  bool is_there = false;
  for (const std::string& line : known) {
    const fs::path other = script_of(build_dir, line);
    if (other == script && !is_there) {
      text += include_of(build_dir, script) + '\n';
      is_there = true;
    } else if (other != script && !is_replaced(other)) {
      text += line + '\n';
    }
  }
  if (!is_there) {
    text += include_of(build_dir, script) + '\n';
  }
  return write_file_if_changed(entry_file(build_dir), text);
}

} // namespace ctest_matrix
