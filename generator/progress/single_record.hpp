// Applies one record of a cell without reading what else there is: the same fold, on an excerpt of the
// progress file and of what has been applied before. Pure.
#pragma once

#include "progress/store_state.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// Where the records of a cell belong.
struct RecordPlace {
  std::string profile;
  std::string plan; ///< id of the matrix's document
  PlannedBox box;
};

/// What a record does to a progress file and to the state that goes with it.
struct SingleChange {
  std::string text; ///< the whole progress file afterwards
  FoldResult result;
  FoldChange fold;
  std::map<std::string, int> lines; ///< as in `Intent`
  Outline outline;                  ///< without rows
};

/// `state` has an outline of just this `text` and no intent. Nothing where it takes more than the excerpt to
/// tell what the record does: it may complete the suite, or the file has no box for it.
std::optional<SingleChange> apply_single(const Record& record, const RecordPlace& place,
                                         const std::string& text, const StateFile& state, TimePoint now);

} // namespace ctest_matrix
