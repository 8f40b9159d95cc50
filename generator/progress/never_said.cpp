#include "progress/never_said.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/identity.hpp"
#include "plan/names.hpp"
#include "progress/cell_record.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace {

/// What the cell needs, by the kind and the name that set-up records have: `artifact`, `napi`.
std::vector<std::pair<std::string, std::string>> setups_of(const CommonPlan& common, const Cell& cell) {
  std::vector<std::pair<std::string, std::string>> setups;
  const auto add_artifacts = [&](const std::vector<std::string>& names) {
    for (const Artifact* artifact : artifact_chain(common.artifacts, names)) {
      setups.emplace_back("artifact", artifact->name);
    }
  };
  add_artifacts(cell.variant->artifacts);
  for (const Service& service : common.services) {
    if (std::ranges::find(cell.variant->services, service.name) != cell.variant->services.end()) {
      add_artifacts(service.after);
      setups.emplace_back("service", service.name);
    }
  }
  return setups;
}

/// What is known of cells since `since` that were to run until `until`.
class NeverSaid {
public:
  NeverSaid(const Plan& plan, std::span<const Record> known, TimePoint since, TimePoint until)
      : m_plan(plan), m_known(known), m_since(since), m_until(until) {}

  std::vector<Record> of_failed(const std::vector<std::string>& tests) const {
    std::vector<Record> records;
    for (const std::string& test : tests) {
      const auto name = cell_of_test(m_plan.common.places, test);
      const Cell* cell = name ? find_cell(m_plan, *name) : nullptr;
      if (cell == nullptr) {
        continue;
      }
      const Record* last = last_of(*cell);
      if (last == nullptr && has_note(*cell)) {
        continue; // it said what came of it, and that this says nothing of the whole cell
      }
      if (last == nullptr) {
        const std::string problem = setup_problem(*cell);
        records.push_back(
            make_record(*cell, Verdict::setup,
                        problem.empty() ? "it did not run, or its launcher said nothing" : problem));
      } else if (last->verdict == Verdict::interrupted && last->source == "guardian") {
        // CTest was there to the end, although its guardian did not find it any more.
        records.push_back(make_record(*cell, Verdict::crash, last->brief));
      } else if (earns_tick(last->verdict) && last->finished <= m_until) {
        records.push_back(make_record(
            *cell, Verdict::fail,
            fmt::format("CTest says that it failed, the cell said {}", verdict_name(last->verdict))));
      }
    }
    std::erase_if(records, [&](const Record& record) {
      return std::ranges::find(m_known, record.id, &Record::id) != m_known.end();
    });
    return records;
  }

  std::vector<Record> of_kept_back(std::span<const Cell* const> cells) const {
    std::vector<Record> records;
    for (const Cell* cell : cells) {
      if (const std::string problem = setup_problem(*cell);
          last_of(*cell) == nullptr && !has_note(*cell) && !problem.empty()) {
        records.push_back(make_record(*cell, Verdict::setup, problem));
      }
    }
    return records;
  }

private:
  /// The cell's newest record since the run began; the order in the journal is that of the ends.
  const Record* last_of(const Cell& cell) const {
    const auto is_of_run = [&](const Record& record) {
      return record.kind == RecordKind::cell && record.cell == cell.name &&
             record.profile == m_plan.common.profile && record.finished >= m_since;
    };
    const Record* last = nullptr;
    for (const Record& record : m_known) {
      last = is_of_run(record) ? &record : last;
    }
    return last;
  }

  /// Whether the cell itself has noted what came of it since the run began.
  bool has_note(const Cell& cell) const {
    const std::string identity = cell_identity(m_plan.common, cell.row->name, cell.variant->axes);
    return std::ranges::any_of(m_known, [&](const Record& record) {
      return record.kind == RecordKind::note && record.identity == identity &&
             record.profile == m_plan.common.profile && record.finished >= m_since;
    });
  }

  /// What the last try of a set-up that the cell needs says; empty: it was no failure.
  std::string setup_problem(const Cell& cell) const {
    for (const auto& [kind, name] : setups_of(m_plan.common, cell)) {
      const Record* last = nullptr;
      for (const Record& record : m_known) {
        const bool same = record.column == name || record.column.starts_with(name + '.');
        if (record.kind == RecordKind::setup && record.row == kind && same && record.finished >= m_since &&
            record.finished <= m_until) {
          last = &record;
        }
      }
      if (last != nullptr && !last->brief.empty()) {
        return last->brief;
      }
    }
    return "";
  }

  Record make_record(const Cell& cell, Verdict verdict, std::string brief) const {
    Record record = record_of(m_plan.common, cell);
    record.finished = m_until;
    record.verdict = verdict;
    record.brief = std::move(brief);
    record.source = "last-tests-failed";
    // The same for whoever reads the same list.
    const std::string mark = fingerprint(fmt::format("{} {}", record.profile, cell.name)).substr(0, 8);
    record.id = fmt::format("{:012x}-{}", record.finished.time_since_epoch().count(), mark);
    return record;
  }

  const Plan& m_plan;
  std::span<const Record> m_known;
  TimePoint m_since;
  TimePoint m_until;
};

} // namespace

std::vector<Record> never_said(const Plan& plan, const FailedTests& failed, std::span<const Record> known,
                               TimePoint since) {
  return NeverSaid(plan, known, since, failed.written).of_failed(failed.names);
}

std::vector<Record> kept_back(const Plan& plan, std::span<const Cell* const> cells,
                              std::span<const Record> known, TimePoint since, TimePoint now) {
  return NeverSaid(plan, known, since, now).of_kept_back(cells);
}

} // namespace ctest_matrix
