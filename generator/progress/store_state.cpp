#include "progress/store_state.hpp"

#include "base/tab_lines.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace ctest_matrix {

namespace {

using Json = nlohmann::json;

constexpr int k_version = 2;

Json mark_json(const JournalMark& mark) {
  return {{"offset", mark.offset}, {"last_line", mark.last_line}, {"begin", mark.begin}};
}

JournalMark mark_of(const Json& json) {
  return {json.at("offset").get<std::uint64_t>(), json.at("last_line").get<std::string>(),
          json.at("begin").get<std::uint64_t>()};
}

Json outline_json(const std::optional<Outline>& outline) {
  if (!outline) {
    return {};
  }
  return {{"text", outline->text},       {"plan", outline->plan},
          {"started", outline->started}, {"columns", outline->columns},
          {"open", outline->open},       {"log", {outline->layout.log_begin, outline->layout.log_end}}};
}

std::optional<Outline> outline_of(const Json& json) {
  if (json.is_null()) {
    return std::nullopt;
  }
  Outline outline{json.at("text").get<std::string>(),
                  json.at("plan").get<std::string>(),
                  json.at("started").get<std::string>(),
                  json.at("columns").get<std::vector<std::string>>(),
                  json.at("open").get<int>(),
                  {}};
  outline.layout.log_begin = json.at("log").at(0).get<std::size_t>();
  outline.layout.log_end = json.at("log").at(1).get<std::size_t>();
  return outline;
}

Json intent_json(const Intent& intent) {
  return {{"before", intent.before},   {"after", intent.after},          {"lines", intent.lines},
          {"started", intent.started}, {"mark", mark_json(intent.mark)}, {"removed", intent.fold.removed},
          {"added", intent.fold.added}};
}

Intent intent_of(const Json& json) {
  return {
      json.at("before").get<std::string>(),
      json.at("after").get<std::string>(),
      json.at("lines").get<std::map<std::string, int>>(),
      json.at("started").get<std::string>(),
      mark_of(json.at("mark")),
      {json.at("removed").get<std::vector<std::string>>(), json.at("added").get<std::vector<std::string>>()}};
}

constexpr std::string_view k_row = "r\t";

std::string row_lines(const std::optional<Outline>& outline) {
  TabWriter writer;
  for (const auto& [row, offset] : outline ? outline->layout.rows : std::map<std::string, std::size_t>()) {
    writer.add("r");
    writer.add(row);
    writer.add(static_cast<std::int64_t>(offset));
    writer.end_line();
  }
  return writer.take();
}

/// For a document that somebody else has changed since: whether it shows the traces of the intent.
bool shows(const Document& document, const Intent& intent) {
  std::map<std::string, int> counts;
  for (const std::string& line : document.log()) {
    ++counts[line];
  }
  const auto is_there = [&](const auto& line) { return counts[line.first] >= line.second; };
  if (!intent.lines.empty()) {
    return std::ranges::any_of(intent.lines, is_there);
  }
  return !intent.started.empty() && document.started() == intent.started;
}

} // namespace

JournalMark mark_at(std::string_view journal, std::uint64_t offset) {
  if (offset == 0) {
    return {};
  }
  const std::size_t before = offset < 2 ? std::string_view::npos : journal.rfind('\n', offset - 2);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return {offset, fingerprint(journal.substr(begin, offset - begin)), begin};
}

bool still_holds(const JournalMark& mark, std::string_view journal) {
  return mark.offset <= journal.size() && mark_at(journal, mark.offset) == mark;
}

std::string serialise_state(const StateFile& file) {
  const Json json{{"version", k_version},
                  {"size", file.lines.size()},
                  {"document", file.head.document},
                  {"mark", mark_json(file.head.mark)},
                  {"outline", outline_json(file.head.outline)},
                  {"intent", file.head.intent ? intent_json(*file.head.intent) : Json()}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n' + file.lines;
}

std::string serialise_state(const StoreState& state) {
  StateFile file{state, ""};
  for (const std::string& line : fold_lines(state.fold)) {
    file.lines += line;
  }
  file.lines += row_lines(state.outline);
  return serialise_state(file);
}

std::optional<StateFile> open_state(std::string_view text) {
  try {
    const std::size_t end = text.find('\n');
    const Json json = Json::parse(text.substr(0, end));
    StateFile file;
    if (end == std::string_view::npos || json.at("version") != k_version ||
        json.at("size") != text.size() - end - 1) {
      return std::nullopt;
    }
    file.head.document = json.at("document").get<std::string>();
    file.head.mark = mark_of(json.at("mark"));
    file.head.outline = outline_of(json.at("outline"));
    if (const Json& intent = json.at("intent"); !intent.is_null()) {
      file.head.intent = intent_of(intent);
    }
    file.lines = text.substr(end + 1);
    return file;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::optional<StoreState> parse_state(std::string_view text) {
  auto file = open_state(text);
  if (!file) {
    return std::nullopt;
  }
  StoreState state = std::move(file->head);
  std::string fold;
  try {
    for (const std::string& line : split_lines(file->lines)) {
      if (!line.starts_with(k_row)) {
        fold += line + '\n';
      } else if (state.outline) {
        const std::string fields = line.substr(k_row.size()) + '\n';
        TabReader reader(fields);
        const std::string row = reader.text();
        state.outline->layout.rows[row] = static_cast<std::size_t>(reader.number());
      }
    }
    state.fold = fold_from_lines(fold);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return state;
}

std::vector<std::string> StateFile::lines_with(std::string_view begin) const {
  std::vector<std::string> found;
  const std::string inner = fmt::format("\n{}", begin);
  std::size_t at = lines.starts_with(begin) ? 0 : lines.find(inner);
  while (at != std::string::npos) {
    at += lines[at] == '\n' ? 1 : 0;
    const std::size_t end = lines.find('\n', at);
    found.push_back(lines.substr(at, end == std::string::npos ? end : end + 1 - at));
    at = end == std::string::npos ? end : lines.find(inner, end);
  }
  return found;
}

void StateFile::change(const FoldChange& change) {
  for (const std::string& line : change.removed) {
    const std::size_t before = lines.starts_with(line) ? std::string::npos : lines.find('\n' + line);
    if (before != std::string::npos || lines.starts_with(line)) {
      lines.erase(before + 1, line.size()); // npos + 1 is 0
    }
  }
  lines += join(change.added, "");
}

void settle_intent(StoreState& state, const std::optional<std::string>& document) {
  if (!state.intent) {
    return;
  }
  const Intent intent = *std::exchange(state.intent, std::nullopt);
  const std::string current = document ? fingerprint(*document) : "";
  const bool untouched = current == intent.before;
  if (current == intent.after || (!untouched && document && shows(Document::parse(*document), intent))) {
    state.mark = intent.mark;
    change(state.fold, intent.fold);
    state.outline.reset();
  }
}

} // namespace ctest_matrix
