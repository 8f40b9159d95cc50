#include "ctest/evidence.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace {

CtestEvidence conflict(const CtestResult& result, std::optional<VerdictLine> line) {
  std::string launcher = "the output has no verdict line of this cell";
  if (line) {
    launcher = fmt::format("the cell says {}", verdict_name(line->verdict));
    launcher += line->counts
                    ? fmt::format(" ({} passed, {} failed)", line->counts->passed, line->counts->failed)
                    : "";
  } else if (result.output_kept == OutputKept::cut) {
    launcher = "CTest cut the verdict line off the output";
  } else if (result.output_kept == OutputKept::unreadable) {
    launcher = "the output cannot be unpacked";
  }
  return {EvidenceKind::conflict, std::nullopt,
          fmt::format("CTest says {}, but {}", ctest_status_name(result.status), launcher), std::move(line)};
}

/// Whether the launcher's line holds together: no pass without a passed test or with a failed one, no skip of
/// tests that ran.
bool coherent(const VerdictLine& line) {
  if (!line.counts) {
    return line.verdict == Verdict::pass;
  }
  return line.verdict == Verdict::pass ? line.counts->passed > 0 && line.counts->failed == 0
                                       : line.counts->ran() == 0;
}

/// The verdict of a test that CTest saw fail and whose launcher said nothing.
Verdict verdict_without_line(CtestStatus status) {
  switch (status) {
  case CtestStatus::timed_out:
    return Verdict::timeout;
  case CtestStatus::crashed:
  case CtestStatus::killed:
    return Verdict::crash;
  default:
    return Verdict::fail;
  }
}

CtestEvidence judge_failed(const CtestResult& result, std::optional<VerdictLine> line, Milliseconds timeout) {
  const bool took_all_its_time = timeout > Milliseconds(0) && result.duration >= timeout;
  if (!line && result.status == CtestStatus::failed && took_all_its_time) {
    return {EvidenceKind::failure, Verdict::timeout,
            fmt::format("CTest: {} after {}, its time-out is {}", result.reason,
                        format_duration(*result.duration), format_duration(timeout)),
            std::nullopt};
  }
  if (!line) {
    return {EvidenceKind::failure, verdict_without_line(result.status),
            fmt::format("CTest: {}", result.reason), std::nullopt};
  }
  if (earns_tick(line->verdict)) {
    return conflict(result, std::move(line));
  }
  const Verdict verdict = line->verdict;
  if (verdict == Verdict::interrupted) {
    return {EvidenceKind::nothing, std::nullopt, "interrupted", std::move(line)};
  }
  const EvidenceKind kind = verdict == Verdict::setup ? EvidenceKind::setup_failure : EvidenceKind::failure;
  return {kind, verdict, fmt::format("CTest: {}", result.reason), std::move(line)};
}

} // namespace

std::string_view evidence_kind_name(EvidenceKind kind) {
  switch (kind) {
  case EvidenceKind::pass:
    return "pass";
  case EvidenceKind::skip:
    return "skip";
  case EvidenceKind::failure:
    return "failure";
  case EvidenceKind::setup_failure:
    return "setup-failure";
  case EvidenceKind::conflict:
    return "conflict";
  case EvidenceKind::nothing:
    break;
  }
  return "nothing";
}

CtestEvidence judge_ctest_result(const CtestResult& result, std::string_view cell, Milliseconds timeout) {
  std::optional<VerdictLine> line = find_verdict_line(result.output, cell);
  switch (result.status) {
  case CtestStatus::passed:
    if (!line || line->verdict != Verdict::pass || !coherent(*line)) {
      return conflict(result, std::move(line));
    }
    return {EvidenceKind::pass, Verdict::pass, "", std::move(line)};
  case CtestStatus::skipped:
    if (!line || line->verdict != Verdict::skip || !coherent(*line)) {
      return conflict(result, std::move(line));
    }
    return {EvidenceKind::skip, Verdict::skip, "", std::move(line)};
  case CtestStatus::failed:
  case CtestStatus::timed_out:
  case CtestStatus::crashed:
  case CtestStatus::killed:
    return judge_failed(result, std::move(line), timeout);
  case CtestStatus::not_run_fixture:
    return {EvidenceKind::setup_failure, Verdict::setup, fmt::format("CTest: {}", result.reason),
            std::nullopt};
  case CtestStatus::disabled:
  case CtestStatus::not_run:
  case CtestStatus::unknown:
    break;
  }
  return {EvidenceKind::nothing, std::nullopt, fmt::format("CTest: {}", result.reason), std::nullopt};
}

} // namespace ctest_matrix
