// The file of a journal: lines are appended to it, and what nobody asks for any more is taken out of it once
// it has grown large. Offsets count from the first byte that the journal ever had, so that they stay what
// they are: the line `{"version":1,"kind":"base","offset":N,"kept":M}` at its beginning says that it stands
// at N. In a copy for another machine it says, too, how much follows (`"whole":BYTES`).
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// A part of a journal, up to its end.
struct JournalText {
  std::string text;
  std::uint64_t begin = 0; ///< offset of the text
  std::size_t line = 1;    ///< of the file, where the text begins, if it is read from the beginning
  std::uint64_t whole =
      0; ///< bytes that it has to have at least, read from the beginning; 0: it does not say
};

/// The text of a journal that is all of its file.
JournalText journal_text(std::string file);

/// A journal's file as a copy for another machine, which says how long it is: so that a copy of which the end
/// was lost is told from a whole one, also where it ends with a line.
std::string copy_of_journal(std::string_view file);

/// What a journal holds from this offset on, or from its first line on where that one is later, or where the
/// journal has not come so far; nothing of a missing file. Error (input): there but not readable.
Result<JournalText> read_journal_text(const std::filesystem::path& path, std::uint64_t from = 0);

/// Error (input): a line of the journal's text is of a later program, which is not to be overlooked. For
/// whoever has found lines in it that are no records.
Result<void> check_journal_format(const std::filesystem::path& path, std::string_view text);

/// Error (input): a journal that comes from elsewhere ends in the middle of a line, or before the end that it
/// tells of: what is lost may be the failure of a cell that passed before.
Result<void> check_whole_journal(const std::filesystem::path& path, const JournalText& journal);

/// Whether a journal is so large that compacting it may be worth it.
bool is_large_journal(const std::filesystem::path& path);

/// Takes out of a journal what nobody asks for any more: of each cell and profile the newest 100 results
/// stay, with all that is not applied yet to the progress file of their profile; of set-ups and notes the
/// newest ones. The states beside the journal (`progress-*.state`) say what is applied. Whoever appends waits
/// meanwhile, and whoever reads from an offset finds there what was kept. The ids of what is taken out are in
/// `dropped_ids` from then on. Error (input): a file could not be read or written; nothing is changed then.
Result<void> compact_journal(const std::filesystem::path& path);

/// The ids of records that were taken out of the journal: they are known, wherever they come from again.
std::set<std::string> dropped_ids(const std::filesystem::path& path);

} // namespace ctest_matrix
