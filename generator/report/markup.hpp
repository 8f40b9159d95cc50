// Texts of tests inside of Markdown and of workflow commands: nothing that a test says becomes markup. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// A text as one line of Markdown that shows it as it is: in tables, lists, headings and summaries.
/// Format: spec.commonmark.org, 2.5 (entities never stand for structure).
std::string markdown_text(std::string_view text);

/// A text of at most `limit` bytes in a fenced block with newlines around it, which nothing in it can end.
std::string markdown_block(std::string_view text, std::size_t limit);

/// The message of a workflow command, and a value among its properties.
/// Format: docs.github.com/actions/reference/workflow-commands-for-github-actions
std::string workflow_message(std::string_view text);
std::string workflow_property(std::string_view text);

} // namespace ctest_matrix
