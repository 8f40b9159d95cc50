// Where a failure was seen before: the entries of the ledger and of the friction log that have its message.
// Pure.
#pragma once

#include "ledger/friction_log.hpp"
#include "ledger/ledger.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ctest_matrix {

struct SeenAt {
  std::string date;
  std::string file;
  int line = 0;

  bool operator==(const SeenAt&) const = default;
};

/// Both files, made ready to be searched often.
class SeenBefore {
public:
  void add(const Ledger& ledger, const std::string& file);
  void add(const FrictionLog& log, const std::string& file);

  /// The newest first. `except` is the line of the ledger that tells of the failure anyway; 0: none. Messages
  /// that say too little are nowhere.
  std::vector<SeenAt> find(std::string_view message, int except) const;

private:
  struct Place {
    SeenAt at;
    std::string text; ///< normalised
    bool of_ledger = false;
  };

  using Numbers = std::vector<std::size_t>; ///< of places, in their order

  /// The places of the friction log with this text in them.
  const Numbers& in_log(std::string_view text) const;

  std::vector<Place> m_places;
  std::unordered_map<std::string, Numbers> m_of_ledger; ///< by their text
  std::unordered_map<std::string, Numbers> m_by_word;   ///< of the log
  Numbers m_of_log;
  mutable std::unordered_map<std::string, Numbers> m_found; ///< by what was looked for
};

/// `2026-02-12, 2026-02-09 (friction.md:3, known-failures.txt:12)`; empty for none.
std::string seen_words(const std::vector<SeenAt>& places);

} // namespace ctest_matrix
