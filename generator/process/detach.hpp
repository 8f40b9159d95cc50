// A process that goes on when whoever started it is gone: the guardian of a run, the supervisor of a service.
#pragma once

#include "base/result.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// Forks a process that does `work` and ends. It is nobody's child but init's when the work begins, leads a
/// session of its own, has /dev/null for its standard streams (CTest waits for whoever holds its pipe) and no
/// descriptor but the `kept` ones. Every signal does what it does in a program that was just started, but is
/// blocked until the work calls `unblock_signals`; what came before it left the group is forgotten. Returns
/// when it is there. Error (setup): no fork; the message names `what`.
Result<void> start_detached(std::string_view what, const std::vector<int>& kept,
                            const std::function<void()>& work);

void unblock_signals();

/// Sets every signal to what it does in a program that was just started, and lets all of them through.
void reset_signals();

} // namespace ctest_matrix
