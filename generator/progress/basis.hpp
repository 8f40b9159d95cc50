// What a tick rests on: the contents of the files that decide whether a cell passes.
#pragma once

#include "base/content.hpp"
#include "plan/plan.hpp"
#include "progress/journal.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// A fingerprint for each thing that a cell depends on: `test file`, `inputs`, `sources`, `artifact napi`,
/// `command`, `environment`, `rules` (by which it is judged), `build of napi` (what makes it, and what that
/// comes after), `service engine` (what starts it), `variable NAME` (of the caller, as `{env.NAME}`). The
/// version of its runner, which only a run tells, stands beside it in a record.
using TickBasis = std::vector<std::pair<std::string, std::string>>;

/// A short name for a basis, for verdict lines; empty for none.
std::string basis_digest(const TickBasis& basis);

class BasisReader {
public:
  explicit BasisReader(const CommonPlan& common);

  /// As the files are now.
  TickBasis of(const BoundCell& cell);

private:
  std::string recipe_of(const std::vector<const Artifact*>& artifacts);
  void add_recipes(const BoundCell& cell, TickBasis& basis);
  const std::string& of_artifact(const Artifact& artifact);

  const CommonPlan& m_common;
  ContentReader m_contents;
  std::optional<std::string> m_sources;
  std::map<std::string, std::string> m_artifacts; ///< by name
};

/// Whether the files that a result of the cell rests on are as they were; also where it does not tell.
bool is_current(const Record& record, const BoundCell& cell, BasisReader& reader);

/// Whether what both records depend on was the same; `inputs` may be other files for each column.
bool of_same_sources(const Record& a, const Record& b);

/// A tick that was earned before something changed that it depends on.
struct StaleTick {
  std::string cell;
  std::vector<std::string> changed; ///< artifact wasm, test file

  bool operator==(const StaleTick&) const = default;
};

struct TickAges {
  std::vector<StaleTick> stale; ///< in the order of the matrix
  int unknown = 0; ///< ticked cells whose result does not tell, such as CTest's own or a hand-made tick
  std::vector<std::string> unrecorded{}; ///< the ones without a pass here, that nobody ticked here by hand
  std::vector<std::string> untold{};     ///< the ones by a pass that does not tell on what it rests
  std::vector<StaleTick>
      outdated{}; ///< newest results of other sources than now, ticked or not, passed or not
  std::vector<std::string> reopened{}; ///< newest results that passed, whose boxes are open since

  bool operator==(const TickAges&) const = default;
};

/// Cells whose boxes are ticked although their newest results here are failures, and nobody ticked them here:
/// a progress file of another time or place.
std::vector<std::string> disowned_ticks(const Plan& plan, std::span<const Record> journal);

/// How the ticks of the progress file stand against the files as they are.
TickAges tick_ages(const Plan& plan, std::span<const Record> journal);

/// `Ticks older than what they depend on: 2 (actor-conn.wasm: artifact wasm; ...)`, with its newline.
std::string render_ages(const TickAges& ages);

} // namespace ctest_matrix
