#include "progress/store_state_0_1.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <charconv>
#include <stdexcept>
#include <vector>

namespace ctest_matrix {

namespace {

/// `\t`, `\n` and `\\` stand for a tab, a newline and a backslash.
std::string unescaped(std::string_view field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    char c = field[i];
    if (c == '\\' && i + 1 < field.size()) {
      c = field[++i];
      c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
    }
    text += c;
  }
  return text;
}

std::optional<TimePoint> time_of(const std::string& digits) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return code == std::errc() && end == digits.data() + digits.size()
             ? std::optional(TimePoint(Milliseconds(number)))
             : std::nullopt;
}

/// Takes in a line; false when it is none.
bool add_line(FoldState& fold, const std::vector<std::string>& line) {
  const std::string& kind = line.front();
  const auto has = [&](std::string_view wanted, std::size_t fields) {
    return kind == wanted && line.size() == fields;
  };
  if (has("c", 5)) { // a cell: its key, when its newest result came, that one's id, whether it passed
    const auto finished = time_of(line[2]);
    fold.cells[line[1]] = {{finished.value_or(TimePoint()), line[3]}, line[4] == "1"};
    return finished.has_value();
  }
  if (has("e", 3)) { // a box that people have changed, and when
    const auto time = time_of(line[2]);
    fold.edits[line[1]] = time.value_or(TimePoint());
    return time.has_value();
  }
  if (has("n", 3)) { // the newest reset
    const auto finished = time_of(line[1]);
    fold.newest_reset = RecordStamp{finished.value_or(TimePoint()), line[2]};
    return finished.has_value();
  }
  if (has("s", 1) || has("t", 2)) { // the boxes were seen; one that was ticked
    fold.ticked = std::move(fold.ticked).value_or(std::set<std::string>());
    if (line.size() == 2) {
      fold.ticked->insert(line[1]);
    }
    return true;
  }
  return has("r", 3); // where a row lay in the file
}

} // namespace

std::optional<StoreState> parse_state_0_1(std::string_view text) {
  const std::size_t end = text.find('\n');
  const auto head = parse_json(text.substr(0, end));
  if (end == std::string_view::npos || !head || (*head)["version"].as_integer() != k_state_format_0_1 ||
      (*head)["size"].as_integer() != static_cast<std::int64_t>(text.size() - end - 1)) {
    return std::nullopt;
  }
  StoreState state;
  const Json& mark = (*head)["mark"];
  state.document = (*head)["document"].string_or("");
  state.mark = {static_cast<std::uint64_t>(mark["offset"].integer_or(0)), mark["last_line"].string_or(""),
                static_cast<std::uint64_t>(mark["begin"].integer_or(0))};
  for (const std::string& line : split_lines(text.substr(end + 1))) {
    std::vector<std::string> fields;
    for (const std::string& field : split(line, '\t')) {
      fields.push_back(unescaped(field));
    }
    if (fields.empty() || !add_line(state.fold, fields)) {
      return std::nullopt;
    }
  }
  return state;
}

} // namespace ctest_matrix
