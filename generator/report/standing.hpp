// How each cell stands: its newest result, its box, and what is flaky about it. Pure.
#pragma once

#include "progress/boxes.hpp"
#include "progress/document.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ctest_matrix {

struct CellStanding {
  std::string cell;               ///< actor-conn.wasm
  std::string row;                ///< actor-conn
  std::string column;             ///< wasm
  std::string label;              ///< what tells it from the row's other cells: wasm, wasm.remote.cbor
  bool excluded = false;          ///< its row
  bool ticked = false;            ///< its box
  std::optional<Record> newest;   ///< since the newest reset; none: it was not run
  std::vector<std::string> stale; ///< what its tick rests on and has changed since: artifact wasm
  std::vector<std::string>
      outdated{}; ///< what its newest result rests on, ticked or not, and has changed since
  bool unrecorded =
      false; ///< ticked, and no result here says on what the tick rests, nor did anybody tick it here
  bool reopened = false;            ///< its newest result passed, and its box was opened since
  std::vector<std::string> wavered; ///< tests that passed and failed in turns at the newest record's commit
  bool retried = false;             ///< its pass needed a retry, or the whole cell passed and failed in turns
};

/// The cells of the plan in matrix order; those of excluded rows only when they have been run.
std::vector<CellStanding> find_standings(const Document& document, std::span<const Record> records,
                                         const Plan& plan, TimePoint now);

} // namespace ctest_matrix
