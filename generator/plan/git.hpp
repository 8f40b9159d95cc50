// What git says when it is asked. What its files tell by themselves is in base/git_head.hpp.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

/// What git prints with these arguments, run in `directory`, about the checkout that is there, whatever the
/// environment says of another one. It changes nothing by the way. `environment` are entries `NAME=value` for
/// it alone. Nothing where it fails or takes half a minute.
std::optional<std::string> ask_git(const std::filesystem::path& directory,
                                   const std::vector<std::string>& arguments,
                                   const std::vector<std::string>& environment = {});

/// The full hash of HEAD of the checkout that holds `root`; empty where there is none.
std::string head_commit(const std::filesystem::path& root);

} // namespace ctest_matrix
