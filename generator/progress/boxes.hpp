// Which cells stand behind each tick box of a profile.
#pragma once

#include "progress/journal.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ctest_matrix {

struct PlannedCell {
  std::string name;                                      ///< actor-conn.wasm, actor-conn.wasm.remote.cbor
  std::vector<std::pair<std::string, std::string>> axes; ///< every axis: runtime=wasm, encoding=bare, ...
};

enum class RowKind {
  required, ///< counts for completeness
  excluded,
};

/// One tick box: it is ticked when all of its cells passed.
struct PlannedBox {
  std::string row;
  std::string column;
  RowKind kind = RowKind::required;
  std::vector<PlannedCell> cells; ///< normally one
};

/// The boxes of one profile (with its encoding and registry as chosen), in matrix order.
class ColumnPlan {
public:
  ColumnPlan() = default;
  ColumnPlan(std::string profile, std::vector<PlannedBox> boxes);

  const std::string& profile() const { return m_profile; }

  const std::vector<PlannedBox>& boxes() const { return m_boxes; }

  struct Place {
    const PlannedBox* box = nullptr;
    const PlannedCell* cell = nullptr;
  };

  /// Where a record belongs. Both null when it speaks of something else: another profile, a cell that the
  /// matrix does not have, or the same name with other values on its axes (another encoding, say).
  Place find(const Record& record) const;

private:
  std::string m_profile;
  std::vector<PlannedBox> m_boxes;
  std::unordered_map<std::string, std::pair<std::size_t, std::size_t>> m_places;
};

/// What names a box: `actor-conn [wasm]`.
std::string box_key(const PlannedBox& box);

/// What names a cell in a log line: `actor-conn [wasm]`, and `actor-conn [wasm.remote.cbor]` where its column
/// has several cells.
std::string log_label(const PlannedBox& box, const PlannedCell& cell);

/// The cell's name with the values of all its axes, in the order of their names: what a memory of its results
/// is kept under.
std::string cell_key(const PlannedCell& cell);

/// A short name for the values of all axes, whatever their order.
std::string axes_mark(std::vector<std::pair<std::string, std::string>> axes);

} // namespace ctest_matrix
