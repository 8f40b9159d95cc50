// Messages about an input file: where, what was expected, and the line itself with a caret under the place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// A place in a file; line and column count from 1, 0 means unknown. `length` is the number of bytes
/// underlined.
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;
  int length = 1;

  bool operator==(const SourceLocation&) const = default;
};

enum class Severity { error, warning, note };

/// One message. `code` is stable (M012) and documented; empty for notes.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;
  SourceLocation location;
  std::string message;
};

/// Collects the diagnostics of one run; notes belong to the diagnostic before them.
class Diagnostics {
public:
  void add(Diagnostic diagnostic);
  void error(std::string code, SourceLocation location, std::string message);
  void warning(std::string code, SourceLocation location, std::string message);
  void note(SourceLocation location, std::string message);

  bool has_errors() const { return m_errors > 0; }

  int errors() const { return m_errors; }

  int warnings() const { return m_warnings; }

  const std::vector<Diagnostic>& all() const { return m_all; }

  /// Makes the text of a file known, so that `render` can quote its lines.
  void add_source(std::string file, std::string_view text);

  /// Every message as `file:line:column: severity: message [code]`, ordered by place (notes stay behind their
  /// message), each followed by the quoted line and a caret.
  std::string render() const;

private:
  struct Source {
    std::string file;
    std::vector<std::string> lines;
  };

  std::string quote(const SourceLocation& location) const;

  std::vector<Diagnostic> m_all;
  std::vector<Source> m_sources;
  int m_errors = 0;
  int m_warnings = 0;
};

/// The candidate nearest to `word` by edit distance when it is near enough to be a slip, or the only one that
/// begins with it; else empty.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// `, did you mean 'x'?` for a near miss, then `; expected one of: a, b, c`, for the end of a message.
std::string suggestion(std::string_view word, const std::vector<std::string>& valid);

} // namespace ctest_matrix
