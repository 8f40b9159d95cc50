// `check --fix`: changes to a matrix file that keep its comments, order and layout. Pure.
#pragma once

#include "base/diagnostics.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// One change at a place of a matrix file.
struct Fix {
  enum class Kind {
    replace, ///< the key or text at `place` by `text`
    remove,  ///< the row whose key is at `place`, with its lines
    append,  ///< the row `text` behind the row whose key is at `place`
  };

  Kind kind = Kind::replace;
  SourceLocation place;
  std::string text;     ///< plain: it is quoted where YAML needs that
  std::string row = {}; ///< of a row that gets another name: the one before

  bool operator==(const Fix&) const = default;
};

/// What became of the fixes of one file.
struct Fixed {
  std::string text;
  std::vector<Fix> done;
  std::vector<Fix> left; ///< their place is written in flow style or over several lines, which stays as it is
};

/// Applies the fixes whose place is in `file` to its text. Every byte that no fix is about stays.
Fixed apply_fixes(const std::string& file, std::string_view text, const std::vector<Fix>& fixes);

/// `text` as a YAML scalar: as it is, or in single quotes.
std::string yaml_scalar(std::string_view text);

} // namespace ctest_matrix
