// What came of the cells of a run, while it goes on and at its end.
#pragma once

#include "cell/tell.hpp"
#include "run/new_records.hpp"
#include "run/selection.hpp"
#include "run/suite_run.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace ctest_matrix {

/// What is in the journal, or was kept of a run that counts nothing.
class Results {
public:
  /// `journal_end` (bytes): where the journal ended before the run.
  Results(const Run& run, const Selection& selection, std::uint64_t journal_end);

  /// Null: nothing is known of it.
  const Record* of(const std::string& cell);

  /// Why the result of a cell counts nothing; empty: it does.
  std::string why_uncounted(const std::string& cell);

  /// As `failure_text`.
  std::string failure_text_of(const std::string& cell, std::span<const Record> journal) const;

  /// What the report of a failure is made of; nothing where nothing is kept of it.
  std::optional<FailedCell> failed_cell_of(const std::string& cell, std::span<const Record> journal) const;

  std::size_t uncounted_cells() const { return m_uncounted.size(); }

  /// Of these, the ones of which what ran passed.
  std::size_t uncounted_passes() const;

private:
  const Record* uncounted(const std::string& cell);

  const Run& m_run;
  NewRecords m_records;
  std::map<std::string, UncountedResult> m_uncounted;
};

/// What is said of a cell that has ended: a failure in full once, where others fail the same way.
class Words {
public:
  explicit Words(const Run& run) : m_run(run) {}

  /// `outcome` is what ctest says.
  std::string operator()(Results& results, const Cell& cell, const std::string& outcome);

private:
  std::string text_of(const Record& record);

  const Run& m_run;
  std::map<std::string, std::string> m_told; ///< the first cell, by what failed
};

} // namespace ctest_matrix
