#include "progress/rename_rows.hpp"

#include "base/directory.hpp"
#include "base/edit_file.hpp"
#include "base/files.hpp"
#include "progress/document.hpp"
#include "progress/progress_lock.hpp"
#include "progress/store_state.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// The box of a row under its other name; the same where the row keeps its own.
std::string renamed_box(const std::string& box, const RowNames& names) {
  const auto renamed =
      std::ranges::find_if(names, [&](const auto& each) { return box.starts_with(each.first + " ["); });
  return renamed == names.end() ? box : renamed->second + box.substr(renamed->first.size());
}

/// What is remembered of a progress file follows its rows: else their boxes would look ticked by hand.
Result<void> rename_in_states(const fs::path& home, const std::string& canonical, const RowNames& names) {
  for (const DirectoryEntry& entry : list_directory(home)) {
    const auto text = entry.name.ends_with(".state") ? read_file(home / entry.name) : Error();
    auto state = text ? parse_state(*text) : std::nullopt;
    if (!state || state->document != canonical || state->intent || !state->fold.ticked) {
      continue;
    }
    std::set<std::string> ticked;
    std::ranges::transform(*state->fold.ticked, std::inserter(ticked, ticked.end()),
                           [&](const std::string& box) { return renamed_box(box, names); });
    state->fold.ticked = std::move(ticked);
    std::map<std::string, TimePoint> edits;
    for (const auto& [box, time] : state->fold.edits) {
      edits.emplace(renamed_box(box, names), time);
    }
    state->fold.edits = std::move(edits);
    TRY(write_file_quickly(home / entry.name, serialise_state(*state)));
  }
  return {};
}

} // namespace

Result<void> rename_rows(const fs::path& progress, const fs::path& home, const RowNames& names) {
  TRY_ASSIGN(const LockedProgress locked, lock_progress(progress));
  for (int attempt = 0; attempt < k_edit_attempts; ++attempt) {
    TRY_ASSIGN(const auto text, read_if_there(progress));
    Document document = Document::parse(text.value_or(""));
    for (const auto& [old_name, name] : names) {
      document.rename_row(old_name, name);
    }
    if (!text || document.text() == *text) {
      return {};
    }
    TRY_ASSIGN(const Edited edited, replace_watched(progress, text, document.text()));
    if (edited == Edited::done) {
      return rename_in_states(home, locked.canonical, names);
    }
  }
  return changed_all_the_time(progress);
}

} // namespace ctest_matrix
