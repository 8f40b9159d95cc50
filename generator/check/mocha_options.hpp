// What a command of mocha has to say because of the project's configuration of it.
#pragma once

#include "base/diagnostics.hpp"
#include "plan/plan.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The elements of a YAML list, each with a comma behind it, for a command of mocha that is to run one file:
/// where the configuration in this directory names files of its own (`spec`), which mocha would run besides,
/// it is left out, and its other options are said one by one. Empty where it names none. What cannot be read
/// (`.mocharc.cjs`) is told in `left_out`.
std::string mocha_words(const std::filesystem::path& directory, std::vector<std::string>& left_out);

/// Tells where a command that leaves the configuration out (`--no-config`) does not have an option that this
/// one has got since (M049).
void check_mocha_options(const Plan& plan, SourceLocation place, Diagnostics& diagnostics);

} // namespace ctest_matrix
