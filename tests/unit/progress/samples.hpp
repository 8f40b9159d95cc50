// A small suite and its records, for the tests of the progress modules.
#pragma once

#include "progress/boxes.hpp"
#include "progress/document_spec.hpp"

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

inline DocumentSpec sample_spec() {
  return {"Driver Test Suite Progress",
          "registry (static), encoding (bare), runtimes (native, wasm)",
          {"native", "wasm"},
          {{"Fast Tests",
            {{"manager-driver", "Manager Driver Tests", ""}, {"actor-conn", "Actor Connection Tests", ""}}},
           {"Slow Tests", {{"actor-state", "Actor State Tests", ""}}},
           {"Excluded", {{"actor-agent-os", "Actor agentOS Tests", "skip unless explicitly requested"}}}}};
}

inline std::vector<std::pair<std::string, std::string>> sample_axes(const std::string& column,
                                                                    const std::string& encoding) {
  return {{"runtime", column}, {"encoding", encoding}, {"registry", "static"}};
}

inline ColumnPlan sample_plan(const std::string& encoding = "bare") {
  std::vector<PlannedBox> boxes;
  for (const DocumentSection& section : sample_spec().sections) {
    for (const DocumentRow& row : section.rows) {
      for (const std::string& column : sample_spec().columns) {
        boxes.push_back({row.file,
                         column,
                         section.heading == "Excluded" ? RowKind::excluded : RowKind::required,
                         {{row.file + '.' + column, sample_axes(column, encoding)}}});
      }
    }
  }
  return {"default", std::move(boxes)};
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
