// What has been applied to a progress file, and what was about to be when the process ended: a file of one
// line of JSON.
#pragma once

#include "base/result.hpp"
#include "progress/document.hpp"
#include "progress/fold.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// How far a journal has been applied. The fingerprint of the last line before the offset tells whether it
/// still is the same journal.
struct JournalMark {
  std::uint64_t offset = 0; ///< bytes
  std::string last_line;    ///< fingerprint, empty at offset 0
  std::uint64_t begin = 0;  ///< of that line, bytes

  bool operator==(const JournalMark&) const = default;
};

/// A journal's text from the beginning of a line on.
struct JournalTail {
  std::string text;
  std::uint64_t begin = 0; ///< of the text in the journal, bytes
};

/// The mark of a position in the journal behind a line of the tail.
JournalMark mark_at(const JournalTail& journal, std::uint64_t offset);

/// True when the text up to the mark can still be what was read then.
bool still_holds(const JournalMark& mark, const JournalTail& journal);

/// A change of the progress file that is under way: settled, once it is known whether it took place.
struct Intent {
  std::string before; ///< fingerprint of the progress file, empty when it did not exist
  std::string after;
  std::map<std::string, int> lines; ///< how often each of its log lines is in the file afterwards
  std::string started;              ///< what it puts behind `Started:`, empty when nothing
  JournalMark mark;                 ///< what holds once it took place
  FoldState fold;                   ///< the same

  bool operator==(const Intent&) const = default;
};

struct StoreState {
  std::string document; ///< the progress file that this is about, as a canonical path
  std::string boot;     ///< the machine's boot that wrote it: no state waits for the disk
  int entries = -1;     ///< entries of the log in the progress file, as it was left; negative: not known
  JournalMark mark;
  FoldState fold;
  std::optional<Intent> intent;

  bool operator==(const StoreState&) const = default;
};

std::string serialise_state(const StoreState& state);

/// Reads what `serialise_state` writes; nothing for anything else (which is as good as no state).
std::optional<StoreState> parse_state(std::string_view text);

/// Error (input): the text of a state is of a later program.
Result<void> check_state_format(const std::filesystem::path& path, std::string_view text);

/// How many entries the log of a progress file has: lines that begin as ours do.
int log_entries(const Document& document);

/// Decides whether the intent took place, from the text of the progress file (nothing: there is none), and
/// settles it. Where it was cut off between its boxes and its lines, the boxes are remembered as they are.
void settle_intent(StoreState& state, const std::optional<std::string>& document);

} // namespace ctest_matrix
