// The environment and the placeholder values that a program of ours is started with.
#pragma once

#include "plan/plan.hpp"

#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Values of placeholders by name; {env.X} needs no entry.
using Values = std::map<std::string, std::string, std::less<>>;

/// A lookup of `values` and of {env.X} in this process's environment (empty when unset).
TextTemplate::Lookup lookup_in(const Values& values);

/// A text with what has no value left as {placeholders}; {env.X} as well.
std::string known_part(const TextTemplate& text, const Values& values);

/// This process's environment with `extra` on top of it, as NAME=value.
Result<std::vector<std::string>> environment_with(const Environment& extra,
                                                  const TextTemplate::Lookup& lookup);

/// As above, without the variables of this process by which the runner of a command would select tests
/// unseen; `left_out` says which.
Result<std::vector<std::string>> runner_environment(const Environment& extra,
                                                    const TextTemplate::Lookup& lookup,
                                                    const std::vector<std::string>& command,
                                                    std::vector<std::string>& left_out);

/// The arguments of a command.
Result<std::vector<std::string>> render_command(const std::vector<TextTemplate>& command,
                                                const TextTemplate::Lookup& lookup);

} // namespace ctest_matrix
