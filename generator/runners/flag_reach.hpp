// Whether flags in a command reach the runner: shells, scripts of package managers and a `--` keep them from
// it. Knows no matrix: a command is its words.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

/// The script that a command runs through a package manager (`test` of `npm test`); empty: none.
std::string script_of(const std::vector<std::string>& command);

/// The text of that script in the nearest package.json from a directory upwards; empty: none, or not known.
std::string script_text(std::filesystem::path directory, const std::vector<std::string>& command);

/// Where in a command flags go: before a `--` behind the runner, as what follows that is no flag for it; else
/// at the end.
std::size_t place_of_flags(const std::vector<std::string>& command);

/// Why flags in a command would never reach the runner, with the way out: a shell that does not pass its
/// arguments on, npm without `--`, a script that pipes. Empty: they do, as far as can be told. `script` is
/// the text of the command's script; empty: not known.
std::string why_out_of_reach(const std::vector<std::string>& command, const std::string& script);

/// The words that the runner of a command gets, as far as that can be told: those from its program on; of a
/// shell's line and of a script those of the command that runs it. `script` as above.
std::vector<std::string> words_of_runner(const std::vector<std::string>& command, const std::string& script);

/// Whether a command has a flag that makes a `.only` an error (`--forbid-only`, `--allowOnly=false`), and it
/// surely reaches a runner that knows it.
bool forbids_only(const std::vector<std::string>& command, const std::string& script);

} // namespace ctest_matrix
