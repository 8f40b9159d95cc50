// A small suite and its records, for the tests of the progress modules.
#pragma once

#include "progress/boxes.hpp"
#include "progress/new_document.hpp"

#include <cstdlib>
#include <ctime>
#include <ostream>

namespace ctest_matrix {

inline void use_utc() {
  setenv("TZ", "UTC0", 1);
  tzset();
}

inline constexpr TimePoint k_noon{Milliseconds(1'777'723'200'000)}; // 2026-05-02T12:00:00Z

class FakeClock final : public Clock {
public:
  explicit FakeClock(TimePoint time = k_noon) : m_time(time) {}

  TimePoint now() const override { return m_time; }

  Milliseconds monotonic() const override { return m_time.time_since_epoch(); }

  void advance(Milliseconds step) { m_time += step; }

private:
  TimePoint m_time;
};

inline Assignment sample_axes(const std::string& column, const std::string& encoding) {
  return {{"runtime", column}, {"encoding", encoding}, {"registry", "static"}};
}

/// The rows and columns of a plan, without its cells.
inline Plan driver_plan(const std::string& encoding = "bare") {
  Plan plan;
  plan.common.profile = "default";
  plan.common.title = "Driver Test Suite Progress";
  plan.common.config = "registry (static), encoding (" + encoding + "), runtimes (native, wasm)";
  plan.common.labels = {{.name = "fast", .location = {}}, {.name = "slow", .location = {}}};
  for (const char* name : {"native", "wasm"}) {
    Column& column = plan.common.columns.emplace_back();
    column.name = name;
    column.variants = {{.suffix = name, .axes = sample_axes(name, encoding), .column = name}};
  }
  std::vector<Row> rows;
  const auto add = [&](const char* name, const char* suite, const char* label) {
    Row& row = rows.emplace_back();
    row.name = name;
    row.suite = suite;
    row.label = label;
  };
  add("manager-driver", "Manager Driver Tests", "fast");
  add("actor-conn", "Actor Connection Tests", "fast");
  add("actor-state", "Actor State Tests", "slow");
  add("actor-agent-os", "Actor agentOS Tests", "");
  rows.back().reason = "skip unless explicitly requested";
  plan.rows = std::move(rows);
  return plan;
}

/// A plan of one box, actor-conn [wasm], with these variants.
inline Plan one_box_plan(std::vector<Variant> variants) {
  Plan plan = driver_plan();
  plan.rows = {plan.rows[1]};
  plan.common.columns = {plan.common.columns[1]};
  plan.common.columns[0].variants = std::move(variants);
  return plan;
}

/// A record of 25 tests in 31.2 s that ended `after` noon.
inline Record sample_record(const std::string& row, const std::string& column, Milliseconds after,
                            Verdict verdict = Verdict::pass, std::string brief = "") {
  Record record;
  record.id = new_record_id(FakeClock(k_noon + after));
  record.cell = row + '.' + column;
  record.row = row;
  record.column = column;
  record.profile = "default";
  record.axes = sample_axes(column, "bare");
  record.finished = k_noon + after;
  record.duration = Milliseconds(31'200);
  record.verdict = verdict;
  record.brief = std::move(brief);
  record.counts = earns_tick(verdict) ? Counts{25, 0, 0} : Counts{24, 1, 0};
  record.source = "cell";
  return record;
}

inline Record sample_reset(Milliseconds after) {
  Record record;
  record.kind = RecordKind::reset;
  record.id = new_record_id(FakeClock(k_noon + after));
  record.profile = "default";
  record.finished = k_noon + after;
  return record;
}

} // namespace ctest_matrix
