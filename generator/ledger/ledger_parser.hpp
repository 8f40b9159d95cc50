// The reader of the ledger, line by line; ledger/ledger.hpp says what the lines are. Pure.
#pragma once

#include "ledger/ledger.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ctest_matrix {

class LedgerParser {
public:
  LedgerParser(std::string file, Diagnostics& diagnostics)
      : m_file(std::move(file)), m_diagnostics(diagnostics) {}

  Ledger parse(std::string_view text);

private:
  SourceLocation place(std::string_view part) const;
  void error(const char* code, std::string_view part, std::string message);
  void warning(const char* code, std::string_view part, std::string message);
  bool detail(std::string_view content);
  void set_detail(LedgerEntry& entry, std::string_view key, std::string_view value);
  void set_outcomes(LedgerEntry& entry, std::string_view value);
  void set_since(LedgerEntry& entry, std::string_view value);
  void set_rate(LedgerEntry& entry, std::string_view value);
  void add_event(LedgerEntry& entry, bool closed, std::string_view value);
  std::string day(std::string_view key, std::string_view value);
  void entry(std::string_view content);
  bool read_where(LedgerEntry& entry, std::string_view where);
  bool read_what(LedgerEntry& entry, std::string_view what);
  bool read_text(LedgerEntry& entry, std::string_view what, std::string_view word, EntryKind kind);
  void finish();

  std::string m_file;
  Diagnostics& m_diagnostics;
  Ledger m_ledger;
  std::map<std::string, int> m_names;
  std::map<std::string, int> m_keys; ///< details of the entry, and where
  int m_remarks = 0;                 ///< line of the first comment since the last entry; 0: none
  int m_line = 0;
  std::string_view m_text; ///< the line
};

} // namespace ctest_matrix
