#include "progress/store_state.hpp"

#include "base/text.hpp"
#include "progress/document.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace ctest_matrix {

namespace {

using Json = nlohmann::json;

constexpr int k_version = 3;

Json mark_json(const JournalMark& mark) {
  return {{"offset", mark.offset}, {"last_line", mark.last_line}, {"begin", mark.begin}};
}

JournalMark mark_of(const Json& json) {
  return {json.at("offset").get<std::uint64_t>(), json.at("last_line").get<std::string>(),
          json.at("begin").get<std::uint64_t>()};
}

std::int64_t time_json(TimePoint time) {
  return time.time_since_epoch().count();
}

TimePoint time_of(const Json& json) {
  return TimePoint(Milliseconds(json.get<std::int64_t>()));
}

RecordStamp stamp_of(const Json& json) {
  return {time_of(json.at(0)), json.at(1).get<std::string>()};
}

Json fold_json(const FoldState& fold) {
  Json cells = Json::object();
  for (const auto& [key, memory] : fold.cells) {
    cells[key] = {time_json(memory.stamp.finished), memory.stamp.id, memory.passed};
  }
  Json edits = Json::object();
  for (const auto& [box, time] : fold.edits) {
    edits[box] = time_json(time);
  }
  Json json{{"cells", std::move(cells)}, {"edits", std::move(edits)}};
  if (fold.newest_reset) {
    json["reset"] = {time_json(fold.newest_reset->finished), fold.newest_reset->id};
  }
  if (fold.ticked) {
    json["ticked"] = *fold.ticked;
  }
  return json;
}

FoldState fold_of(const Json& json) {
  FoldState fold;
  for (const auto& [key, memory] : json.at("cells").items()) {
    fold.cells.emplace(key, CellMemory{stamp_of(memory), memory.at(2).get<bool>()});
  }
  for (const auto& [box, time] : json.at("edits").items()) {
    fold.edits.emplace(box, time_of(time));
  }
  if (const auto reset = json.find("reset"); reset != json.end()) {
    fold.newest_reset = stamp_of(*reset);
  }
  if (const auto ticked = json.find("ticked"); ticked != json.end()) {
    fold.ticked = ticked->get<std::set<std::string>>();
  }
  return fold;
}

Json intent_json(const Intent& intent) {
  return {{"before", intent.before},   {"after", intent.after},          {"lines", intent.lines},
          {"started", intent.started}, {"mark", mark_json(intent.mark)}, {"fold", fold_json(intent.fold)}};
}

Intent intent_of(const Json& json) {
  return {json.at("before").get<std::string>(),
          json.at("after").get<std::string>(),
          json.at("lines").get<std::map<std::string, int>>(),
          json.at("started").get<std::string>(),
          mark_of(json.at("mark")),
          fold_of(json.at("fold"))};
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

JournalMark mark_at(const JournalTail& journal, std::uint64_t offset) {
  if (offset == 0 || offset <= journal.begin) {
    return {};
  }
  const std::string_view text = journal.text;
  const std::size_t end = offset - journal.begin;
  const std::size_t before = end < 2 ? std::string_view::npos : text.rfind('\n', end - 2);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return {offset, fingerprint(text.substr(begin, end - begin)), journal.begin + begin};
}

bool still_holds(const JournalMark& mark, const JournalTail& journal) {
  return mark.offset <= journal.begin + journal.text.size() && mark_at(journal, mark.offset) == mark;
}

std::string serialise_state(const StoreState& state) {
  const Json json{{"version", k_version},
                  {"document", state.document},
                  {"mark", mark_json(state.mark)},
                  {"fold", fold_json(state.fold)},
                  {"intent", state.intent ? intent_json(*state.intent) : Json()}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<StoreState> parse_state(std::string_view text) {
  try {
    const Json json = text.ends_with('\n') ? Json::parse(text) : Json();
    if (!json.is_object() || json.at("version") != k_version) {
      return std::nullopt;
    }
    StoreState state;
    state.document = json.at("document").get<std::string>();
    state.mark = mark_of(json.at("mark"));
    state.fold = fold_of(json.at("fold"));
    if (const Json& intent = json.at("intent"); !intent.is_null()) {
      state.intent = intent_of(intent);
    }
    return state;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
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
    state.fold = intent.fold;
  }
}

} // namespace ctest_matrix
