// The frames of a stack in a failure's message: those of the suite, and those of what runs it.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// The message with frames of node_modules, of the runner and of the language's own library as one line for
/// all that follow each other: `… 4 frames of libraries`. Formats: V8's and Node's, Python's.
std::string fold_frames(std::string_view message);

} // namespace ctest_matrix
