// The content of files as a fingerprint, whatever their times say.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// What changes when this file is written anew, by its status alone; empty when it is not there.
std::string file_signature(const std::filesystem::path& path);

/// The files below the root that match the patterns (base/glob.hpp) with a space and their signatures, a line
/// each: another text when anybody touches them, also when an older file takes the place of one, or an edit
/// keeps size and time.
std::string files_state(const std::filesystem::path& root, const std::vector<std::string>& patterns);

/// The files below the root that match the patterns, a line each: name (`escape_line`), signature and the
/// fingerprint of what is in it. What `known`, an earlier such text, says of a file is taken while its
/// signature stays.
std::string content_state(const std::filesystem::path& root, const std::vector<std::string>& patterns,
                          std::string_view known);

/// The same of these files: relative to the root, or absolute.
std::string content_of(const std::filesystem::path& root, const std::vector<std::string>& files,
                       std::string_view known);

/// The lines of such a text by the names of their files, as they stand there.
struct FileContent {
  std::string_view signature;
  std::string_view fingerprint;
};

std::map<std::string_view, FileContent> files_in(std::string_view content_state);

/// Fingerprints of sets of files. What was read is remembered in a directory as long as the files' sizes and
/// times stay; without that directory everything is read again.
class ContentReader {
public:
  ContentReader(std::filesystem::path root, std::filesystem::path memory)
      : m_root(std::move(root)), m_memory(std::move(memory)) {}

  /// The files below the root that match the patterns: their names and what is in them.
  std::string of_files(const std::vector<std::string>& patterns);

  /// A single file; `missing` when it is not there, and of one that cannot be read its signature.
  static std::string of_file(const std::filesystem::path& path);

private:
  std::filesystem::path m_root;
  std::filesystem::path m_memory;
  std::map<std::vector<std::string>, std::string> m_known;
};

} // namespace ctest_matrix
