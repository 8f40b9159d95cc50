// The friction log: what people wrote down of what stood in their way, the newest first. Pure.
#pragma once

#include "base/diagnostics.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

inline constexpr std::string_view k_working_on = "What I Was Working On";
inline constexpr std::string_view k_friction = "Friction / Issue";
inline constexpr std::string_view k_attempted = "Attempted Fix / Workaround";
inline constexpr std::string_view k_outcome = "Outcome";

/// What stands below a `### ` heading, without blank lines around it.
struct FrictionSection {
  std::string name;
  std::string body;
  int line = 0;        ///< of the heading
  std::size_t end = 0; ///< byte of the entry where the next section begins

  bool operator==(const FrictionSection&) const = default;
};

struct FrictionEntry {
  std::string date;   ///< 2026-02-12
  std::string commit; ///< short hash, or `uncommitted`
  std::string note;   ///< what stands in parentheses behind it; may be empty
  std::string lead;   ///< what stands before the first section
  std::vector<FrictionSection> sections;
  std::string cell; ///< of `- Cell: ` in its text; empty: none
  std::string raw;  ///< all of it, byte for byte
  int line = 0;

  bool operator==(const FrictionEntry&) const = default;
};

struct FrictionLog {
  std::string title; ///< of the `# ` heading
  std::string head;  ///< all that stands before the first entry, byte for byte
  std::vector<FrictionEntry> entries;
  std::optional<int> conflict{}; ///< the line where a merge begins that nobody has done

  bool operator==(const FrictionLog&) const = default;
};

/// Reads `# <Title>`, and for each entry `## <date> - <commit | uncommitted> [(note)]` with its `### `
/// sections, also where some or all of them stand on one line with a space for each line break. No byte is
/// lost, whatever the text is like: what is in the way of reading it is a diagnostic (F001 to F003, F009).
FrictionLog parse_friction_log(const std::string& file, std::string_view text, Diagnostics& diagnostics);

/// The text that was read.
std::string render_friction_log(const FrictionLog& log);

/// The entry as lines, from its heading to its last line; a section without a body is its heading alone.
std::string friction_entry_text(const FrictionEntry& entry);

/// The whole log with one line for each line again, where it was on one.
std::string unflattened(const FrictionLog& log);

/// The section of the name; null: there is none.
const FrictionSection* find_section(const FrictionEntry& entry, std::string_view name);

/// Whether nothing is said of what became of it.
bool is_open(const FrictionEntry& entry);

/// The log with an entry before all others, behind all that stands before them. An empty text gets the title.
std::string with_entry(const FrictionLog& log, const FrictionEntry& entry, std::string_view title);

/// The log with lines at the end of a section of the entry at `index`; where it has none of the name, in a
/// new one at its end. No other byte is touched.
std::string with_lines(const FrictionLog& log, std::size_t index, std::string_view name,
                       std::string_view lines);

/// Says what is wrong with an entry, or with the order of two (F004 to F008).
void lint_friction_log(const std::string& file, const FrictionLog& log, Diagnostics& diagnostics);

} // namespace ctest_matrix
