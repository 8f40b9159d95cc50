// What has been applied to a progress file, and what was about to be when the process ended: a file in the
// build directory.
//
// Format: a line of JSON, the head; then the lines of progress/fold_lines.hpp, and `r` row offset for each
// row of the outline, in any order.
#pragma once

#include "progress/document.hpp"
#include "progress/fold.hpp"
#include "progress/fold_lines.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// How far a journal has been applied. The fingerprint of the last line before the offset tells whether it
/// still is the same journal.
struct JournalMark {
  std::uint64_t offset = 0; ///< bytes
  std::string last_line;    ///< fingerprint, empty at offset 0
  std::uint64_t begin = 0;  ///< of that line, bytes

  bool operator==(const JournalMark&) const = default;
};

/// The mark of a position behind a line of a journal's text.
JournalMark mark_at(std::string_view journal, std::uint64_t offset);

/// True when the text up to the mark can still be what was read then.
bool still_holds(const JournalMark& mark, std::string_view journal);

/// What a single record can be applied with, without reading all there is: true of one text of the progress
/// file and one document of the matrix.
struct Outline {
  std::string text; ///< fingerprint of the progress file
  std::string plan; ///< id of the matrix's document
  std::string started;
  std::vector<std::string> columns; ///< of the file's boxes, from left to right
  int open = 0;                     ///< boxes that keep the suite from being complete
  DocumentLayout layout;            ///< its rows are in the lines of the state, not in its head

  bool operator==(const Outline&) const = default;
};

/// A change of the progress file that is under way: settled, once it is known whether it took place.
struct Intent {
  std::string before; ///< fingerprint of the progress file, empty when it did not exist
  std::string after;
  std::map<std::string, int> lines; ///< how often each of its log lines is in the file afterwards
  std::string started;              ///< what it puts behind `Started:`, empty when nothing
  JournalMark mark;                 ///< what holds once it took place
  FoldChange fold;                  ///< against the state that has the intent

  bool operator==(const Intent&) const = default;
};

struct StoreState {
  std::string document; ///< the progress file that this is about, as a canonical path
  JournalMark mark;
  FoldState fold;
  std::optional<Intent> intent;
  std::optional<Outline> outline;

  bool operator==(const StoreState&) const = default;
};

std::string serialise_state(const StoreState& state);

/// Reads what `serialise_state` writes; nothing for anything else (which is as good as no state).
std::optional<StoreState> parse_state(std::string_view text);

/// A state as its file has it: all but the lines is read.
struct StateFile {
  StoreState head;   ///< without fold, and its outline without rows
  std::string lines; ///< each with its newline

  /// The lines that begin so.
  std::vector<std::string> lines_with(std::string_view begin) const;

  void change(const FoldChange& change);
};

std::string serialise_state(const StateFile& file);

/// Nothing for what is no state, or not a whole one.
std::optional<StateFile> open_state(std::string_view text);

/// Decides whether the intent took place, from the text of the progress file (nothing: there is none), and
/// settles it.
void settle_intent(StoreState& state, const std::optional<std::string>& document);

} // namespace ctest_matrix
