// What may be concluded about a cell from CTest's result of its test. Pure.
#pragma once

#include "ctest/results.hpp"
#include "plan/verdict_line.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

enum class EvidenceKind {
  nothing,       ///< the cell did not run, or was interrupted: says nothing about it
  pass,          ///< CTest and the launcher agree
  skip,          ///< both agree on a declared skip
  failure,       ///< `verdict` says which
  setup_failure, ///< an artifact, a service or the runner was not ready
  conflict,      ///< the two contradict each other, or a pass has no verdict line; never ticks a box
};

/// `pass`, `setup-failure`, … for messages and JSON.
std::string_view evidence_kind_name(EvidenceKind kind);

struct CtestEvidence {
  EvidenceKind kind = EvidenceKind::nothing;
  std::optional<Verdict> verdict;  ///< of pass, skip, failure and setup_failure
  std::string reason;              ///< for people: what CTest said, or what contradicts what
  std::optional<VerdictLine> line; ///< what the launcher said, when it did; names the record in the journal

  bool operator==(const CtestEvidence&) const = default;
};

/// Judges one result of CTest for the cell of that name. With the test's `timeout` (0: none), a failure that
/// took as long and whose launcher said nothing is a time-out too, where the file does not tell those apart.
CtestEvidence judge_ctest_result(const CtestResult& result, std::string_view cell,
                                 Milliseconds timeout = Milliseconds(0));

} // namespace ctest_matrix
