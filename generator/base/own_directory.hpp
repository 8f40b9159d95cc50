// Directories and files of ours in places that others can reach: in whose name they are made, and who may
// write them.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace ctest_matrix {

/// Makes a directory that only this user can enter; one that is there is closed to others.
/// Error (setup): it cannot be made, is a link or somebody else's, or others can write to it.
Result<void> make_private_directory(const std::filesystem::path& path);

/// Makes a directory, and those above it that are missing, for everybody who may write the directory around
/// it, in the name of that one's owner where root makes it. Error (setup): it cannot be made.
Result<void> make_shared_directory(const std::filesystem::path& path);

/// Makes an empty file in the same way, where there is none, for those alone who may write; an error where it
/// cannot be opened for writing afterwards, or is a link.
std::error_code make_shared_file(const std::filesystem::path& path);

/// Gives a file or directory that root has just made, and holds open, to whom `model` belongs: the file that
/// it takes the place of, or the directory around it. Of anybody else it stays.
void give_to_owner_of(const std::filesystem::path& model, int made);

/// `create_directories`, as above.
std::error_code make_directories(const std::filesystem::path& path);

/// What can be done about a file of another user that cannot be opened: a sentence to put behind the error,
/// or nothing where that is not why.
std::string way_to_own(const std::filesystem::path& path, int error);

} // namespace ctest_matrix
