#include "progress/single_record.hpp"

#include "base/tab_lines.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_row_line = 8; ///< of an excerpt, from 0

std::string_view line_at(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset);
  const std::string_view line = rest.substr(0, rest.find('\n'));
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

/// The lines of the log that name the row.
std::string log_about(std::string_view log, const std::string& row) {
  const std::string name = fmt::format(" {} [", row);
  std::string lines;
  for (std::size_t at = log.find(name); at != std::string_view::npos; at = log.find(name, at)) {
    const std::size_t before = log.rfind('\n', at);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    lines += fmt::format("{}\n", line_at(log, begin));
    at = std::min(log.find('\n', at), log.size());
  }
  return lines;
}

/// How often a log has just this line.
int count_line(std::string_view log, const std::string& line) {
  int count = 0;
  for (std::size_t at = log.find(line); at != std::string_view::npos; at = log.find(line, at + 1)) {
    const bool begins = at == 0 || log[at - 1] == '\n';
    count += begins && line_at(log, at) == line ? 1 : 0;
  }
  return count;
}

std::optional<std::size_t> row_offset(const StateFile& state, const std::string& row) {
  const std::string begin = fmt::format("r\t{}\t", tab_field(row));
  const auto lines = state.lines_with(begin);
  std::size_t offset = 0;
  if (lines.size() != 1) {
    return std::nullopt;
  }
  const char* last = lines.front().data() + lines.front().size() - 1;
  const auto [end, code] = std::from_chars(lines.front().data() + begin.size(), last, offset);
  return code == std::errc() && end == last ? std::optional(offset) : std::nullopt;
}

/// What has been applied, as far as it is about the box.
std::optional<FoldState> fold_about(const StateFile& state, const PlannedBox& box) {
  std::string lines;
  const auto add = [&](const std::string& begin) { lines += join(state.lines_with(begin), ""); };
  for (const PlannedCell& cell : box.cells) {
    add(cell_line_begin(cell_key(cell)));
  }
  add(edit_line_begin(box_key(box)));
  add(ticked_line(box_key(box)));
  add("n\t");
  add("s\n");
  try {
    FoldState fold = fold_from_lines(lines);
    return fold.ticked ? std::optional(std::move(fold)) : std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

} // namespace

std::optional<SingleChange> apply_single(const Record& record, const RecordPlace& place,
                                         const std::string& text, const StateFile& state, TimePoint now) {
  const Outline& outline = *state.head.outline;
  const auto offset = row_offset(state, place.box.row);
  const auto known = fold_about(state, place.box);
  const DocumentLayout& layout = outline.layout;
  const bool fits = layout.log_begin < layout.log_end && layout.log_end <= text.size() &&
                    text[layout.log_end - 1] == '\n' && offset && *offset < layout.log_begin;
  if (!fits || !known || record.kind != RecordKind::cell) {
    return std::nullopt;
  }
  const std::string_view log =
      std::string_view(text).substr(layout.log_begin, layout.log_end - layout.log_begin);
  Document excerpt = Document::parse(fmt::format(
      "Started: {}\nConfig:\n\nEach row: [{}] <file> | <suite>\n\n## Rows\n\n\n{}\n\n## Log\n\n{}",
      outline.started, join(outline.columns, "] ["), line_at(text, *offset), log_about(log, place.box.row)));
  const auto before = excerpt.box(place.box.row, place.box.column);
  const bool required = place.box.kind == RowKind::required;
  if (!before || (required && *before == Box::open && earns_tick(record.verdict) && outline.open <= 1)) {
    return std::nullopt;
  }
  PlannedBox box = place.box;
  box.kind = RowKind::excluded; // whether the suite is complete cannot be seen from here
  FoldState fold = *known;
  SingleChange change{text, apply(excerpt, {&record, 1}, {place.profile, {box}}, fold, now), {}, {}, outline};
  change.fold = change_between(*known, fold);
  if (!change.result.changed_document()) {
    return change;
  }
  const std::string row = split_lines(excerpt.text()).at(k_row_line);
  if (row.size() != line_at(text, *offset).size()) {
    return std::nullopt;
  }
  change.text.replace(*offset, row.size(), row);
  const bool crlf = log.ends_with("\r\n");
  std::string lines;
  for (const std::string& line : change.result.lines) {
    lines += line + (crlf ? "\r\n" : "\n");
    change.lines[line] = count_line(log, line) + 1;
  }
  change.text.insert(layout.log_end, lines);
  const auto after = excerpt.box(place.box.row, place.box.column);
  change.outline.open += !required || before == after ? 0 : after == Box::ticked ? -1 : 1;
  change.outline.layout.log_end += lines.size();
  change.outline.text = fingerprint(change.text);
  return change;
}

} // namespace ctest_matrix
