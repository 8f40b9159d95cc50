// Where a test failed, read from what runners put into failure messages: JavaScript's stack traces, Python's
// dotted names.
#pragma once

#include <string>
#include <string_view>

namespace ctest_matrix {

/// `file` empty and `line` 0: not known.
struct SourcePlace {
  std::string file;
  int line = 0;
};

/// The first stack frame (`at f (/x/a.test.ts:12:7)`, `❯ tests/a.test.ts:12:7`) of the message that lies in
/// `file`, the test's own one; a relative frame matches the end of an absolute `file`.
SourcePlace place_in_stack(std::string_view message, std::string_view file);

/// Whether a dotted name is that of something in this Python file: `tests.test_a.TestConn` and
/// `/x/tests/test_a.py`.
bool is_in_file(std::string_view module, std::string_view file);

/// The lines of a source around one of them, which is marked: `>  13 |     expect(1).toBe(2)`. Empty where
/// the text has no such line.
std::string excerpt_around(std::string_view source, int line);

/// The number at the start of the text, at most nine digits; 0 for anything else.
int leading_number(std::string_view text);

} // namespace ctest_matrix
