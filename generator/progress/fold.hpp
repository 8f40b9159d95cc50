// Applies the journal's records to a progress file: which box changes, which line the log gets. No I/O.
#pragma once

#include "progress/boxes.hpp"
#include "progress/document.hpp"

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace ctest_matrix {

/// The order of records: by time, then by id.
struct RecordStamp {
  TimePoint finished{};
  std::string id;

  bool operator==(const RecordStamp&) const = default;

  std::strong_ordering operator<=>(const RecordStamp& other) const {
    return std::tie(finished, id) <=> std::tie(other.finished, other.id);
  }
};

/// The newest result of a cell.
struct CellMemory {
  RecordStamp stamp;
  bool passed = false;

  bool operator==(const CellMemory&) const = default;
};

/// What has been applied before.
struct FoldState {
  std::map<std::string, CellMemory> cells; ///< by `BoxCell::key`
  std::optional<RecordStamp> newest_reset;
  std::optional<std::set<std::string>> ticked; ///< the boxes when the file was seen last; none: never seen
  std::map<std::string, TimePoint> edits;      ///< boxes that people have changed since their last result
  /// The `Started:` of a file that was made of merged results alone: what is merged later may be older.
  std::optional<TimePoint> merged_start;

  bool operator==(const FoldState&) const = default;
};

/// What `apply` did with the records.
struct FoldResult {
  int applied = 0;      ///< cell records that the log got a line for
  int resets = 0;       ///< resets that opened the boxes
  int notes = 0;        ///< notes that the log got a line for
  int ignored = 0;      ///< older than what the file or the state already knows: nothing changed
  int before_start = 0; ///< those of the ignored ones that are older than `Started:` or a reset
  int before_edit = 0;  ///< those that are older than what a person made of their box
  int already = 0;      ///< found in the file's log, where the state could not know them
  int torn = 0;         ///< boxes of failures whose line alone was on the disk when the machine went down
  int interrupted = 0;  ///< INTERRUPTED says nothing about its cell
  int foreign = 0;      ///< of another profile, another configuration or a cell that the matrix does not have
  bool completed = false;           ///< ALL TESTS COMPLETE was appended
  std::vector<std::string> lines;   ///< appended to the log, in order
  std::vector<std::string> boxless; ///< cells whose row has no box for them in the file

  bool changed_document() const { return applied + resets + notes + torn > 0; }

  bool operator==(const FoldResult&) const = default;
};

/// How a state stands to the document that it is about.
enum class Memory {
  exact,
  may_be_older, ///< the document may show what the state does not know: an older one was put in its place
  may_be_torn,  ///< that, and the disk may have got a line without its box: the machine went down since
};

/// Applies the records in order. What a state that was lost or may be older does not know, and what became of
/// records that were applied elsewhere, is taken from the document: its `Started:` and its log lines, up to
/// `now`. A box that is not as the state remembers it was changed by a person, not after `edited`: only newer
/// records change it again.
FoldResult apply(Document& document, std::span<const Record> records, const Plan& plan, FoldState& state,
                 TimePoint now, std::optional<TimePoint> edited = std::nullopt,
                 Memory memory = Memory::exact);

/// True when every box of every row that is not excluded is ticked, and there is one at all.
bool is_complete(const Document& document, const Plan& plan);

} // namespace ctest_matrix
