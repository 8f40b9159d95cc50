#include "run/probe_run.hpp"

#include "artifact/artifact.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/call.hpp"
#include "plan/index.hpp"
#include "process/child.hpp"
#include "progress/basis.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// A column that the user left out is not probed: its artifacts may not even be there.
Result<Record> narrow_alone(const Run& run, Voice& voice, const Cell& cell, const std::string& test,
                            const fs::path& index) {
  if (!matches(run.selected, cell.variant->axes)) {
    return Error{ExitCode::setup, "it was left out of this run"};
  }
  for (const std::string& name : cell.variant->artifacts) {
    if (const auto built = build_artifact(run.plan.common, name); !built) {
      return Error{ExitCode::setup, split_lines(built.error().message).front()};
    }
  }
  voice.probing(cell.name);
  const fs::path result =
      run.plan.common.places.state /
      fmt::format("run.narrow.{}.json", new_record_id(system_clock())); // of this run alone
  ChildSpec spec;
  spec.argv = {run.place.program.string(),    "narrow",         "--index=" + index.string(),
               "--result=" + result.string(), "--test=" + test, cell.name};
  spec.environment = environment_for_ctest();
  spec.on_line = [](std::string_view) {};
  spec.on_tick = [] {};
  const auto end = run_child(spec);
  voice.probing("");
  if (!end) {
    return end.error();
  }
  if (end->exit_code < 0 || end->interrupted_by != 0) {
    return Error{ExitCode::interrupted, "it was interrupted"};
  }
  const auto text = read_file(result);
  std::error_code ignored;
  fs::remove(result, ignored);
  auto record = text ? parse_record(*text) : std::nullopt;
  return record ? Result<Record>(*std::move(record))
                : Result<Record>(Error{ExitCode::setup, fmt::format("exit status {}", end->exit_code)});
}

/// The records of a row that say something about its tests as they are now: what ran before an edit does not.
std::vector<Record> current_records(const Run& run, const std::string& row, std::span<const Record> journal) {
  BasisReader reader(run.plan.common);
  std::vector<Record> current;
  for (const Record& known : journal) {
    const Cell* cell = find_cell(run.plan, known.cell);
    if (cell != nullptr && cell->row->name == row &&
        is_current(known, bind(run.plan.common, *cell), reader)) {
      current.push_back(known);
    }
  }
  return current;
}

} // namespace

Result<std::vector<ProbeResult>> probe_failure(const Run& run, Voice& voice, const Record& record,
                                               std::span<const Record> journal) {
  if (!run.plan.common.narrow || !run.request.handed.empty()) {
    return std::vector<ProbeResult>();
  }
  TRY_ASSIGN(const fs::path index, store_plan(run.plan));
  const Narrow narrow = [&](const Cell& cell, const std::string& test) {
    return narrow_alone(run, voice, cell, test, index);
  };
  auto results = probe(run.plan, record, current_records(run, record.row, journal), narrow);
  for (const ProbeResult& result : results) {
    if (result.evidence == ProbeResult::Evidence::probe) {
      const std::string& test = record.failures.front().test;
      TRY(write_note(run, record.row, result.column, fmt::format("'{}' {}", test, result.outcome)));
    }
  }
  return results;
}

} // namespace ctest_matrix
