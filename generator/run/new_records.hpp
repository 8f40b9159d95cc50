// The records that a journal has got since some moment: what a run that goes on knows of its cells.
#pragma once

#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace ctest_matrix {

class NewRecords {
public:
  /// From `begin` (bytes) on, of one profile.
  NewRecords(std::filesystem::path journal, std::uint64_t begin, std::string profile);

  /// The newest record of a cell, or null; reads what has been written meanwhile.
  const Record* of(const std::string& cell);

private:
  std::filesystem::path m_journal;
  std::uint64_t m_end;
  std::string m_profile;
  std::map<std::string, Record> m_records; ///< by cell
};

} // namespace ctest_matrix
