// The tick boxes of a plan, and which of them a record speaks of.
#pragma once

#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// One tick box: it is ticked when the row's cells for all variants of the column passed. Row and column are
/// those of a plan.
struct Box {
  const Row* row = nullptr;
  const Column* column = nullptr;

  /// What names it: `actor-conn [wasm]`.
  std::string name() const;
};

/// A cell as its box knows it.
struct BoxCell {
  const Box* box = nullptr; ///< null: there is no such cell
  const Variant* variant = nullptr;

  explicit operator bool() const { return box != nullptr; }

  /// actor-conn.wasm, actor-conn.wasm.remote.cbor
  std::string name() const { return cell_name(*box->row, *variant); }

  /// What names the cell in a log line: `actor-conn [wasm]`, and `actor-conn [wasm.remote.cbor]` where its
  /// column has several variants.
  std::string label() const;

  /// What a memory of its results is kept under: another one for other values of its axes.
  std::string key() const;
};

/// The boxes of a plan, which has to outlast them, in the order of the matrix: those of which the row has
/// cells.
class Boxes {
public:
  explicit Boxes(const Plan& plan);

  auto begin() const { return m_boxes.begin(); }

  auto end() const { return m_boxes.end(); }

  /// Where a record belongs. Nothing when it speaks of something else: another profile, a cell that the
  /// matrix does not have, or the same name with other values on its axes (another encoding, say).
  BoxCell find(const Record& record) const;

private:
  const Plan& m_plan;
  std::vector<Box> m_boxes;
  mutable std::unordered_map<std::string, BoxCell> m_cells; ///< by name; made when one is looked for
};

/// The cells of a box.
std::vector<BoxCell> cells_of(const Box& box);

} // namespace ctest_matrix
