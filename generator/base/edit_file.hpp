// Changes to a file that people and other programs write to at the same time, so that nothing of theirs is
// lost. Whoever changes it through here holds a lock of their own; people hold none.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// What can be changed without touching the rest of a file.
struct FileEdit {
  std::vector<std::pair<std::uint64_t, char>> bytes; ///< by their offset
  std::string tail;                                  ///< behind the end, whole lines
};

/// The edit that leads from one text to another. Nothing where more differs than the mark in a box (`[ ]`,
/// `[x]`) and the end.
std::optional<FileEdit> edit_between(std::string_view from, std::string_view to);

enum class Edited {
  done,
  overtaken, ///< somebody else has changed the file meanwhile: whoever edits reads it again
};

/// Makes an edit of a file that was `base` when it was read: each byte where it is, then the tail with one
/// append behind whatever the end is by then, then waits for the disk. A file that only grew is edited all
/// the same. Error (input): it could not be written; the bytes are then as they were.
Result<Edited> edit_in_place(const std::filesystem::path& path, std::string_view base, const FileEdit& edit);

/// Puts `content` in the place of a file that was `base` when it was read (nothing: there was none), by way
/// of a temporary neighbour and with a look at what was replaced: lines that somebody has appended meanwhile
/// go over to the new file, any other change stays and is not overwritten.
Result<Edited> replace_watched(const std::filesystem::path& path, const std::optional<std::string>& base,
                               std::string_view content);

/// The content of a file, nothing where there is none. Error (input): there, but not readable.
Result<std::optional<std::string>> read_if_there(const std::filesystem::path& path);

/// A whole file that people edit, from the reading of it to its change. What is written is made of what
/// `read` has seen, also where others read the file again in between.
class WatchedFile {
public:
  /// Error (input): it is no regular file, or cannot be read. A file that is not there yet is none.
  static Result<WatchedFile> read(std::filesystem::path path);

  /// Puts `content` in its place (`replace_watched`), and leaves it alone where that is what it has already.
  /// `overtaken`: it is not what it was when it was read, and stays so.
  Result<Edited> replace(std::string_view content) const;

private:
  WatchedFile(std::filesystem::path path, std::optional<std::string> text)
      : m_path(std::move(path)), m_text(std::move(text)) {}

  std::filesystem::path m_path;
  std::optional<std::string> m_text;
};

/// Whoever reads files again and again that others change tries it so often.
inline constexpr int k_edit_attempts = 50;

/// What is said after so many. Error (setup).
Error changed_all_the_time(const std::filesystem::path& path);

} // namespace ctest_matrix
