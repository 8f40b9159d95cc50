#include "progress/fold.hpp"

#include "progress/log_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <unordered_map>

namespace ctest_matrix {

namespace {

std::optional<BoxState> state_of(const Document& document, const Box& box) {
  return document.box(box.row->name, box.column->name);
}

std::set<std::string> ticked_boxes(const Document& document, const Boxes& boxes) {
  std::set<std::string> ticked;
  const Row* row = nullptr; // boxes of one row follow each other
  std::vector<std::string_view> columns;
  for (const Box& box : boxes) {
    if (box.row != row) {
      row = box.row;
      columns = document.ticked(row->name);
    }
    if (!columns.empty() && std::ranges::find(columns, box.column->name) != columns.end()) {
      ticked.insert(box.name());
    }
  }
  return ticked;
}

TimePoint whole_seconds(TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

/// What the document's log tells about each cell, by label.
class LogIndex {
public:
  LogIndex(const Document& document, TimePoint now) {
    for (const std::string& line : document.log()) {
      const std::optional<LogEntry> entry = parse_log_line(line);
      // A line from the future is somebody's slip; it must not silence the cell for good.
      if (entry && entry->time <= now) {
        m_lines[entry->label].push_back(line);
        add(*entry);
      }
    }
  }

  void add(const LogEntry& entry) {
    const auto [newest, is_first] = m_newest.try_emplace(entry.label, entry);
    if (!is_first && newest->second.time <= entry.time) {
      newest->second = entry;
    }
  }

  const LogEntry* newest(const std::string& label) const {
    const auto found = m_newest.find(label);
    return found == m_newest.end() ? nullptr : &found->second;
  }

  /// Takes one such line of the label, perhaps with a remark behind it, out of the index; false when there is
  /// none.
  bool take(const std::string& label, const std::string& line) {
    std::vector<std::string>& lines = m_lines[label];
    const auto found =
        std::ranges::find_if(lines, [&](const std::string& other) { return other.starts_with(line); });
    if (found == lines.end()) {
      return false;
    }
    lines.erase(found);
    return true;
  }

private:
  std::unordered_map<std::string, LogEntry> m_newest;
  std::unordered_map<std::string, std::vector<std::string>> m_lines;
};

class Fold {
public:
  Fold(Document& document, const Plan& plan, FoldState& state, TimePoint now, Memory memory)
      : m_document(document), m_plan(plan), m_boxes(plan), m_state(state), m_now(now), m_memory(memory),
        m_log(document, now), m_remembers(!state.cells.empty() || state.newest_reset.has_value()),
        m_knows_reset(state.newest_reset.has_value()) {
    const std::optional<TimePoint> started = parse_timestamp(document.started().value_or(""));
    if (started && *started <= now) {
      m_started = *started;
    }
  }

  /// Finds the boxes that somebody has changed since the file was seen last.
  void observe(TimePoint edited) {
    if (!m_state.ticked) {
      return;
    }
    m_observed = ticked_boxes(m_document, m_boxes);
    if (m_observed == m_state.ticked) {
      return;
    }
    for (const Box& box : m_boxes) {
      const bool is_ticked = state_of(m_document, box) == BoxState::ticked;
      if (!is_ticked && m_state.ticked->empty()) {
        continue; // so it was
      }
      const std::string key = box.name();
      if (m_state.ticked->contains(key) == is_ticked || log_explains(box, is_ticked)) {
        continue;
      }
      m_state.edits[key] = std::min(edited, m_now);
      for (const BoxCell& cell : cells_of(box)) {
        const auto memory = m_state.cells.find(cell.key());
        if (!is_ticked && memory != m_state.cells.end()) {
          memory->second.passed = false; // whoever opens a box wants all of its cells to pass again
        }
      }
    }
  }

  void apply(const Record& record) {
    if (record.kind == RecordKind::reset) {
      reset(record);
      return;
    }
    if (record.kind == RecordKind::note) {
      note(record);
      return;
    }
    if (record.kind == RecordKind::setup) {
      return;
    }
    const BoxCell cell = m_boxes.find(record);
    if (!cell) {
      ++m_result.foreign;
    } else if (record.verdict == Verdict::interrupted) {
      ++m_result.interrupted;
    } else {
      apply_to(cell, record);
    }
  }

  FoldResult take_result() {
    const bool as_observed = m_observed && !m_result.changed_document();
    m_state.ticked = as_observed ? std::move(m_observed) : ticked_boxes(m_document, m_boxes);
    return std::move(m_result);
  }

private:
  bool is_before_start(const RecordStamp& stamp) const {
    return (m_state.newest_reset && stamp <= *m_state.newest_reset) ||
           (m_started && whole_seconds(stamp.finished) < *m_started);
  }

  /// Shares that are merged one after another lead to what they lead to together, in whatever order.
  void begin_earlier(const Record& record) {
    const TimePoint start = whole_seconds(record.finished - record.duration);
    if (record.origin == Origin::merged && m_started && m_started == m_state.merged_start &&
        start < *m_started) {
      m_document.set_started(format_timestamp(start));
      m_started = start;
      m_state.merged_start = start;
    }
  }

  /// Whether the result is of the second of a reset that was applied here. The log has whole seconds: a line
  /// that reads the same may be older than the reset, and then is of another record.
  bool is_in_second_of_reset(const RecordStamp& stamp) const {
    return m_knows_reset && m_state.newest_reset &&
           whole_seconds(stamp.finished) == whole_seconds(m_state.newest_reset->finished);
  }

  /// Whether the newest log lines lead to the box as it is: another build directory applied them.
  bool log_explains(const Box& box, bool ticked) const {
    const auto outcome_is = [&](bool passed) {
      return [this, passed](const BoxCell& cell) {
        const LogEntry* logged = m_log.newest(cell.label());
        return logged != nullptr && logged->passed == passed;
      };
    };
    return ticked ? std::ranges::all_of(cells_of(box), outcome_is(true))
                  : std::ranges::any_of(cells_of(box), outcome_is(false));
  }

  void reset(const Record& record) {
    RecordStamp stamp{record.finished, record.id};
    if (record.profile != m_plan.common.profile) {
      ++m_result.foreign;
      return;
    }
    if (record.origin == Origin::applied) {
      ++m_result.already;
      m_state.newest_reset = std::max(m_state.newest_reset, std::optional(stamp));
      return;
    }
    if (is_before_start(stamp)) {
      ++m_result.ignored;
      ++m_result.before_start;
      return;
    }
    // After a lost state the journal is read again from its beginning; the reset that `Started:` shows is
    // done.
    const bool already = !m_remembers && m_result.applied == 0 && m_result.resets == 0 &&
                         m_started == whole_seconds(record.finished);
    m_state.newest_reset = stamp;
    m_state.merged_start.reset();
    m_state.edits.clear();
    for (auto& [key, memory] : m_state.cells) {
      memory.passed = false;
    }
    if (already) {
      ++m_result.already;
      return;
    }
    std::set<std::string> rows;
    for (const Row& row : m_plan.rows) {
      rows.insert(row.name);
    }
    m_document.open_all_boxes(rows);
    m_first_open = 0;
    m_document.set_started(format_timestamp(record.finished));
    m_started = whole_seconds(record.finished);
    m_knows_reset = true;
    ++m_result.resets;
  }

  void note(const Record& record) {
    const std::string line = note_line(record);
    const std::vector<std::string> log = m_document.log();
    if (record.profile != m_plan.common.profile) {
      ++m_result.foreign;
    } else if (is_before_start({record.finished, record.id})) {
      ++m_result.ignored;
      ++m_result.before_start;
    } else if (record.origin == Origin::applied || std::ranges::find(log, line) != log.end()) {
      ++m_result.already;
    } else {
      append(line);
      ++m_result.notes;
    }
  }

  void apply_to(const BoxCell& cell, const Record& record) {
    const std::string key = cell.key();
    const std::string label = cell.label();
    const std::string box = cell.box->name();
    const RecordStamp stamp{record.finished, record.id};
    const auto known = m_state.cells.find(key);
    const LogEntry* logged = m_log.newest(label);
    // What is known from a clock that was ahead must not keep a failure from opening the box.
    const bool outdated = known != m_state.cells.end() && stamp <= known->second.stamp &&
                          (earns_tick(record.verdict) || known->second.stamp.finished <= m_now);
    const bool older = outdated || (logged != nullptr && whole_seconds(record.finished) < logged->time);
    const std::string line = log_line(record, label);
    const auto edit = m_state.edits.find(box);
    const bool before_edit = edit != m_state.edits.end() && record.finished <= edit->second;
    if (!older && !before_edit) {
      begin_earlier(record);
    }
    if (older || is_before_start(stamp)) {
      ++m_result.ignored;
      m_result.before_start += is_before_start(stamp) ? 1 : 0;
      m_log.take(label, line); // else a later record of the same second would find it
      return;
    }
    if (before_edit) {
      ++m_result.ignored;
      ++m_result.before_edit;
      return;
    }
    const bool already = record.origin == Origin::applied ||
                         (log_decides(record) && !is_in_second_of_reset(stamp) && m_log.take(label, line));
    const bool passed = earns_tick(record.verdict);
    m_state.cells[key] = {stamp, passed};
    if (already) {
      ++m_result.already;
      open_torn_box(cell, passed);
      return;
    }
    m_state.edits.erase(box);
    append(line);
    m_log.add({whole_seconds(record.finished), label, passed});
    ++m_result.applied;
    set_box(cell, passed);
    const bool may_complete = passed && !cell.box->row->is_excluded() && m_ticked;
    if (may_complete && is_complete()) {
      append(completion_line(record.finished));
      m_result.completed = true;
    }
  }

  /// Whether every box that must be is ticked. Those before `m_first_open` are.
  bool is_complete() {
    const auto is_done = [&](const Box& box) {
      return box.row->is_excluded() || state_of(m_document, box) == BoxState::ticked;
    };
    m_first_open = std::find_if_not(m_boxes.begin() + m_first_open, m_boxes.end(), is_done) - m_boxes.begin();
    return m_boxes.begin() + m_first_open == m_boxes.end();
  }

  void open(const Box& box) {
    m_document.set_box(box.row->name, box.column->name, BoxState::open);
    m_first_open = 0;
  }

  /// Whether the lines of the log say if the record has been applied: the state cannot.
  bool log_decides(const Record& record) const {
    return !m_remembers || m_memory != Memory::exact || record.origin == Origin::merged;
  }

  /// Line and box are written together, but the disk may have got the line of a failure alone.
  void open_torn_box(const BoxCell& cell, bool passed) {
    if (m_memory == Memory::may_be_torn && !passed && state_of(m_document, *cell.box) == BoxState::ticked) {
      open(*cell.box);
      ++m_result.torn;
    }
  }

  void append(const std::string& line) {
    m_document.append_log(line);
    m_result.lines.push_back(line);
  }

  /// The cell's newest result, by the state and by what others wrote into the log since.
  bool has_passed(const BoxCell& cell) const {
    const auto known = m_state.cells.find(cell.key());
    const LogEntry* logged = m_log.newest(cell.label());
    if (known == m_state.cells.end() || !known->second.passed) {
      return false;
    }
    const bool failed_since =
        logged != nullptr && !logged->passed && logged->time >= whole_seconds(known->second.stamp.finished);
    return !failed_since;
  }

  void set_box(const BoxCell& cell, bool passed) {
    const Box& box = *cell.box;
    const std::optional<BoxState> before = state_of(m_document, box);
    m_ticked = false;
    if (!before) {
      m_result.boxless.push_back(cell.name());
      return;
    }
    if (!passed) {
      open(box);
    } else if (std::ranges::all_of(cells_of(box), [&](const BoxCell& each) { return has_passed(each); })) {
      m_document.set_box(box.row->name, box.column->name, BoxState::ticked);
      m_ticked = *before == BoxState::open;
    }
  }

  Document& m_document;
  const Plan& m_plan;
  Boxes m_boxes;
  FoldState& m_state;
  TimePoint m_now;
  Memory m_memory;
  LogIndex m_log;
  FoldResult m_result;
  std::optional<std::set<std::string>> m_observed; ///< the boxes that were ticked before any record
  std::optional<TimePoint> m_started;
  bool m_remembers;
  bool m_knows_reset;              ///< the newest reset, from the state or because it was applied just now
  std::ptrdiff_t m_first_open = 0; ///< boxes before it are ticked, or need not be
  bool m_ticked = false;           ///< the last record ticked an open box
};

} // namespace

bool is_complete(const Document& document, const Plan& plan) {
  bool any = false;
  for (const Box& box : Boxes(plan)) {
    const bool excluded = box.row->is_excluded();
    if (!excluded && document.box(box.row->name, box.column->name) != BoxState::ticked) {
      return false;
    }
    any = any || !excluded;
  }
  return any;
}

FoldResult apply(Document& document, std::span<const Record> records, const Plan& plan, FoldState& state,
                 TimePoint now, std::optional<TimePoint> edited, Memory memory) {
  Fold fold(document, plan, state, now, memory);
  if (edited) {
    fold.observe(*edited);
  }
  for (const Record& record : records) {
    fold.apply(record);
  }
  return fold.take_result();
}

} // namespace ctest_matrix
