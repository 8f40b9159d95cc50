// The reference on the terminal: parts of the documents that are written for reading elsewhere, too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

struct Topic {
  std::string_view name;
  std::string_view what;     ///< in a few words
  std::string_view document; ///< a file of the program
  std::string_view heading;  ///< of the part, which goes to the next one that is as high
};

const std::vector<Topic>& topics();

/// The part of a Markdown text below a heading (`## Verdicts`), with that. Empty where there is none.
std::string part_below(std::string_view document, std::string_view heading);

/// Markdown as plain text: links by their text, tables as names with what stands beside them, no marks.
std::string plain_text(std::string_view markdown);

} // namespace ctest_matrix
