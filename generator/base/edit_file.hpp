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

} // namespace ctest_matrix
