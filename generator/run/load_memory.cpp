#include "run/load_memory.hpp"

#include "base/files.hpp"
#include "base/line_escape.hpp"
#include "base/read_log.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_end = "# ctest-matrix-load ";
constexpr std::size_t k_digits = 12;
constexpr std::size_t k_end_size = k_end.size() + k_digits + 1 + k_digits + 1;

std::string memory_file_end(std::size_t script, std::size_t basis) {
  return fmt::format("{}{:0{}} {:0{}}\n", k_end, script, k_digits, basis, k_digits);
}

/// A file with its size, behind what it is: `made`, `size`.
std::string sized_line(std::string_view what, const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  return fmt::format("{} {} {}", what, error ? "none" : std::to_string(size), escape_line(path.string()));
}

/// Each line of a text as a comment.
std::string as_comments(std::string_view text) {
  std::string comments;
  for (const std::string& line : split_lines(text)) {
    comments += "# " + line + "\n";
  }
  return comments;
}

std::string asked_line(const std::string& asked) {
  return "asked " + escape_line(asked);
}

std::size_t number_at(std::string_view text) {
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + k_digits, number);
  return number;
}

/// The size of the script in such a file; nothing where the file is not whole.
std::optional<std::size_t> script_size(std::string_view text) {
  if (text.size() < k_end_size) {
    return std::nullopt;
  }
  const std::string_view end = text.substr(text.size() - k_end_size);
  const std::size_t script = number_at(end.substr(k_end.size()));
  const std::size_t basis = number_at(end.substr(k_end.size() + k_digits + 1));
  const bool whole = end == memory_file_end(script, basis) && script + basis + k_end_size == text.size();
  return whole ? std::optional(script) : std::nullopt;
}

/// Whether the basis of a script, as comments, still is what a load that asks for this would find. The files
/// that it made are used again then, which their times say to those who look for forgotten ones.
bool still_stands(std::string_view comments, const std::string& asked) {
  std::string read;
  std::vector<fs::path> made;
  bool same = false;
  for (const std::string& comment : split_lines(comments)) {
    const std::string line = comment.substr(std::min<std::size_t>(2, comment.size()));
    if (line.starts_with("asked ")) {
      same = line == asked_line(asked);
    } else if (!same) {
      return false;
    } else if (const std::string what = line.substr(0, line.find(' ')); what != "made" && what != "size") {
      read += line + "\n";
    } else {
      const fs::path path = unescape_line(line.substr(line.find(' ', what.size() + 1) + 1));
      same = line == sized_line(what, path);
      if (what == "made") {
        made.push_back(path);
      }
    }
  }
  if (!same || !reads_the_same(read)) {
    return false;
  }
  for (const fs::path& path : made) {
    std::error_code ignored;
    fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
  }
  return true;
}

} // namespace

std::optional<std::string> remembered_script(const fs::path& state, const std::string& asked) {
  auto text = read_file(state / "last-good.cmake");
  const auto size = text ? script_size(*text) : std::nullopt;
  if (!size) {
    return std::nullopt;
  }
  const std::string_view behind = std::string_view(*text).substr(*size, text->size() - k_end_size - *size);
  if (!still_stands(behind, asked)) {
    return std::nullopt;
  }
  text->resize(*size);
  return *std::move(text);
}

Result<std::string> remember_script(const fs::path& state, std::string script, const LoadBasis& basis) {
  std::string comments = as_comments(asked_line(basis.asked));
  for (const fs::path& path : basis.made) {
    comments += as_comments(sized_line("made", path));
  }
  for (const fs::path& path : basis.sized) {
    comments += as_comments(sized_line("size", path));
  }
  comments += as_comments(basis.read);
  const std::size_t size = script.size();
  script.append(comments).append(memory_file_end(size, comments.size()));
  TRY(write_file_quickly(state / "last-good.cmake", script));
  script.resize(size);
  return script;
}

} // namespace ctest_matrix
