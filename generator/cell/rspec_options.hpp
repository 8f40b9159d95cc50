// The options that RSpec takes from files, beside those of its command.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Whether a run is one of RSpec's: by the report's writer, or by its program.
bool is_rspec(const std::vector<std::string>& argv, std::string_view writer);

/// The text of the files that RSpec reads its options from, in its order: those of the user, then `.rspec`
/// and `.rspec-local` of the directory that it runs in.
std::string rspec_options(const std::filesystem::path& directory);

} // namespace ctest_matrix
