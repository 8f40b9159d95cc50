#include "progress/adopt.hpp"

#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "plan/identity.hpp"
#include "progress/boxes.hpp"
#include "progress/journal_file.hpp"
#include "progress/store.hpp"
#include "progress/store_state.hpp"

#include <fmt/format.h>

#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_adoption_patience = std::chrono::seconds(30);

/// How much of the journal had been applied to the progress file of the profile.
std::uint64_t applied_bytes(const fs::path& state, const Plan& plan) {
  const auto text = read_file(state / fmt::format("progress-{}.state", plan.common.profile));
  const auto known = text ? parse_state(*text) : std::nullopt;
  std::error_code ignored;
  const fs::path document = fs::weakly_canonical(plan.common.progress, ignored);
  return known && known->document == document.string() ? known->mark.offset : 0;
}

/// The records of the old journal as those of another one.
std::vector<Record> records_to_merge(const Plan& plan, std::string_view text, std::uint64_t applied,
                                     const std::set<std::string>& known) {
  std::vector<Record> merged;
  for (const bool was_applied : {true, false}) {
    const std::string_view part = was_applied ? text.substr(0, applied) : text.substr(applied);
    for (Record& record : parse_journal(part).records) {
      if (!known.contains(record.id)) {
        record.origin =
            was_applied && record.profile == plan.common.profile ? Origin::applied : Origin::merged;
        record.identity = record.kind == RecordKind::cell
                              ? cell_identity(plan.common, record.row, record.axes)
                              : matrix_identity(plan.common);
        merged.push_back(std::move(record));
      }
    }
  }
  return merged;
}

} // namespace

Result<void> adopt_journal(const Plan& plan) {
  const Places& places = plan.common.places;
  const fs::path old = places.state / "journal.jsonl";
  std::error_code error;
  if (places.evidence.empty() || !fs::exists(old, error)) {
    return {};
  }
  const StorePaths paths = store_paths(plan.common);
  TRY_ASSIGN(const FileLock lock, FileLock::acquire(places.evidence / "adopt.lock", k_adoption_patience));
  if (!fs::exists(old, error)) {
    return {}; // somebody else was first
  }
  TRY_ASSIGN(const std::string text, read_file(old));
  TRY(check_journal_format(old, text));
  TRY_ASSIGN(const JournalSlice known, read_journal(paths.journal));
  std::set<std::string> ids;
  for (const Record& record : known.records) {
    ids.insert(record.id);
  }
  const std::uint64_t applied = std::min<std::uint64_t>(applied_bytes(places.state, plan), text.size());
  TRY(append_records(paths.journal, records_to_merge(plan, text, applied, ids)));
  fs::rename(old, old.string() + ".taken-over", error);
  return error ? Result<void>(Error{ExitCode::input,
                                    fmt::format("cannot rename {}: {}", old.string(), error.message())})
               : Result<void>();
}

} // namespace ctest_matrix
