#include "run/new_records.hpp"

#include <utility>

namespace ctest_matrix {

NewRecords::NewRecords(std::filesystem::path journal, std::uint64_t begin, std::string profile)
    : m_journal(std::move(journal)), m_end(begin), m_profile(std::move(profile)) {}

const Record* NewRecords::of(const std::string& cell) {
  if (const auto journal = read_journal(m_journal, m_end)) {
    m_end = journal->end;
    for (const Record& record : journal->records) {
      if (record.kind == RecordKind::cell && record.profile == m_profile) {
        m_records.insert_or_assign(record.cell, record);
      }
    }
  }
  const auto found = m_records.find(cell);
  return found == m_records.end() ? nullptr : &found->second;
}

} // namespace ctest_matrix
