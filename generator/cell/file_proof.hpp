// What a command says about the test file that it runs, for reports that name none.
#pragma once

#include "cell/judge.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// `command` where the words name `file` by its whole path and no other test file, no directory around it and
/// no pattern; `writer` is the report's, whose runner may take a path for a pattern (jest without
/// `--runTestsByPath`), or run more than that (mocha, where a configuration of it names files).
FileProof file_proof_of(const std::vector<std::string>& argv, const std::filesystem::path& directory,
                        const std::filesystem::path& file, std::string_view writer);

} // namespace ctest_matrix
