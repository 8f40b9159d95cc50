#include "run/failed_of.hpp"

#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "ctest/zip_file.hpp"
#include "plan/identity.hpp"
#include "progress/damaged.hpp"
#include "progress/disagreement.hpp"
#include "progress/journal_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace ctest_matrix {

namespace {

bool is_journal(std::string_view name) {
  return name.ends_with(".jsonl");
}

/// The texts of the journals in a file.
Result<std::vector<std::string>> journals_in(const std::filesystem::path& file) {
  TRY_ASSIGN(std::string text, read_regular_file(file, k_max_result_bytes));
  if (!is_zip(text)) {
    return std::vector<std::string>{std::move(text)};
  }
  auto files = unzip(text, is_journal, k_max_result_bytes);
  if (!files) {
    return Error{ExitCode::input, fmt::format("{}: {}", file.string(), files.error().message)};
  }
  std::vector<std::string> texts;
  std::ranges::transform(*files, std::back_inserter(texts),
                         [](auto& each) { return std::move(each.second); });
  return texts;
}

/// What the journals say of cells of this matrix that are not among those here: other rows, another
/// configuration.
class NotHere {
public:
  explicit NotHere(const Plan& plan) : m_plan(plan) {}

  /// Whether the record is of a cell that is here.
  bool is_here(const Record& record) const {
    const Cell* const cell = find_cell(m_plan, record.cell);
    return cell != nullptr && record.identity == cell_identity(m_plan.common, record.row, record.axes);
  }

  void add(Record record) {
    if (record.verdict != Verdict::interrupted && is_cell_of_matrix(m_plan.common, record.identity)) {
      m_records.push_back(std::move(record));
    }
  }

  /// The cells whose newest result is a failure.
  std::vector<std::string> failing() const {
    std::map<std::string, Record> newest;
    for (Record& record : without_conflicts(m_records, {})) {
      newest.insert_or_assign(record.identity, std::move(record));
    }
    std::set<std::string> names;
    for (const auto& [identity, record] : newest) {
      if (!earns_tick(record.verdict)) {
        const std::string other = find_cell(m_plan, record.cell) == nullptr
                                      ? ""
                                      : fmt::format(" ({})", other_configuration(m_plan, record));
        names.insert(printable(record.cell) + other);
      }
    }
    return {names.begin(), names.end()};
  }

private:
  const Plan& m_plan;
  std::vector<Record> m_records;
};

} // namespace

Result<Elsewhere> results_elsewhere(const Plan& plan, const std::filesystem::path& file) {
  TRY_ASSIGN(auto texts, journals_in(file));
  Elsewhere elsewhere;
  std::vector<UnknownEnd> unknown;
  NotHere not_here(plan);
  std::size_t others = 0;
  for (std::string& text : texts) {
    const JournalText read = journal_text(std::move(text));
    TRY(check_whole_journal(file, read));
    ForeignJournal journal = parse_foreign_journal(read.text, read.line, [](const Record&) { return false; });
    if (std::string damage = damage_text(file.string(), journal); !damage.empty()) {
      TRY(check_journal_format(file, read.text));
      elsewhere.remarks.push_back(std::move(damage));
    }
    std::ranges::move(journal.unknown, std::back_inserter(unknown));
    for (Record& record : journal.records) {
      if (record.kind != RecordKind::cell) {
        continue;
      }
      if (record.profile == plan.common.profile && not_here.is_here(record)) {
        elsewhere.records.push_back(std::move(record));
      } else {
        ++others;
        if (record.profile == plan.common.profile) {
          not_here.add(std::move(record));
        }
      }
    }
  }
  elsewhere.records = without_conflicts(std::move(elsewhere.records), {});
  std::ranges::move(failures_for(plan, unknown, elsewhere.records, NeverEnded::failed),
                    std::back_inserter(elsewhere.records));
  elsewhere.failing = not_here.failing();
  if (elsewhere.records.empty() && elsewhere.failing.empty()) {
    return Error{
        ExitCode::input,
        fmt::format("{}: expected a journal of the matrix {} (profile {}), or a ZIP archive with one "
                    "(*.jsonl), found {} of another one",
                    file.string(), plan.common.name, plan.common.profile, plural(others, "result"))};
  }
  if (!elsewhere.failing.empty()) {
    elsewhere.remarks.push_back(fmt::format("{}: {} failed there, and the matrix does not have {} here: {}",
                                            file.string(), plural(elsewhere.failing.size(), "cell"),
                                            elsewhere.failing.size() == 1 ? "it" : "them",
                                            join(elsewhere.failing, ", ")));
  }
  return elsewhere;
}

} // namespace ctest_matrix
