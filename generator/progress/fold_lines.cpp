#include "progress/fold_lines.hpp"

#include "base/tab_lines.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace ctest_matrix {

namespace {

std::int64_t to_number(TimePoint time) {
  return time.time_since_epoch().count();
}

TimePoint read_time(TabReader& reader) {
  return TimePoint(Milliseconds(reader.number()));
}

RecordStamp read_stamp(TabReader& reader) {
  const TimePoint finished = read_time(reader);
  return {finished, reader.text()};
}

} // namespace

std::string cell_line_begin(const std::string& cell_key) {
  return fmt::format("c\t{}\t", tab_field(cell_key));
}

std::string edit_line_begin(const std::string& box_key) {
  return fmt::format("e\t{}\t", tab_field(box_key));
}

std::string ticked_line(const std::string& box_key) {
  return fmt::format("t\t{}\n", tab_field(box_key));
}

std::set<std::string> fold_lines(const FoldState& fold) {
  std::set<std::string> lines;
  for (const auto& [key, memory] : fold.cells) {
    lines.insert(fmt::format("{}{}\t{}\t{:d}\n", cell_line_begin(key), to_number(memory.stamp.finished),
                             tab_field(memory.stamp.id), memory.passed));
  }
  for (const auto& [box, time] : fold.edits) {
    lines.insert(fmt::format("{}{}\n", edit_line_begin(box), to_number(time)));
  }
  if (fold.newest_reset) {
    lines.insert(
        fmt::format("n\t{}\t{}\n", to_number(fold.newest_reset->finished), tab_field(fold.newest_reset->id)));
  }
  if (fold.ticked) {
    lines.insert("s\n");
    for (const std::string& box : *fold.ticked) {
      lines.insert(ticked_line(box));
    }
  }
  return lines;
}

FoldState fold_from_lines(std::string_view lines) {
  FoldState fold;
  TabReader reader(lines);
  while (!reader.at_end()) {
    const std::string kind = reader.text();
    if (kind == "c") {
      const std::string key = reader.text();
      CellMemory& memory = fold.cells[key];
      memory.stamp = read_stamp(reader);
      memory.passed = reader.number() != 0;
    } else if (kind == "e") {
      const std::string box = reader.text();
      fold.edits[box] = read_time(reader);
    } else if (kind == "n") {
      fold.newest_reset = read_stamp(reader);
    } else if (kind == "s") {
      fold.ticked = fold.ticked.value_or(std::set<std::string>());
    } else if (kind == "t") {
      fold.ticked = std::move(fold.ticked).value_or(std::set<std::string>());
      fold.ticked->insert(reader.text());
    } else {
      throw std::runtime_error("not a line of a fold");
    }
  }
  return fold;
}

FoldChange change_between(const FoldState& before, const FoldState& after) {
  const std::set<std::string> old_lines = fold_lines(before);
  const std::set<std::string> new_lines = fold_lines(after);
  FoldChange change;
  std::ranges::set_difference(old_lines, new_lines, std::back_inserter(change.removed));
  std::ranges::set_difference(new_lines, old_lines, std::back_inserter(change.added));
  return change;
}

void change(FoldState& fold, const FoldChange& change) {
  if (change == FoldChange()) {
    return;
  }
  std::set<std::string> lines = fold_lines(fold);
  for (const std::string& line : change.removed) {
    lines.erase(line);
  }
  lines.insert(change.added.begin(), change.added.end());
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  fold = fold_from_lines(text);
}

} // namespace ctest_matrix
