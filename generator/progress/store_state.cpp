#include "progress/store_state.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ctest_matrix {

namespace {

using Json = nlohmann::json;

constexpr int k_version = 1;

Json stamp_json(const RecordStamp& stamp) {
  return {{"finished", stamp.finished.time_since_epoch().count()}, {"id", stamp.id}};
}

RecordStamp stamp_of(const Json& json) {
  return {TimePoint(Milliseconds(json.at("finished").get<std::int64_t>())), json.at("id").get<std::string>()};
}

Json mark_json(const JournalMark& mark) {
  return {{"offset", mark.offset}, {"last_line", mark.last_line}};
}

JournalMark mark_of(const Json& json) {
  return {json.at("offset").get<std::uint64_t>(), json.at("last_line").get<std::string>()};
}

Json fold_json(const FoldState& fold) {
  Json cells = Json::object();
  for (const auto& [key, memory] : fold.cells) {
    cells[key] = stamp_json(memory.stamp);
    cells[key]["passed"] = memory.passed;
  }
  Json edits = Json::object();
  for (const auto& [box, time] : fold.edits) {
    edits[box] = time.time_since_epoch().count();
  }
  return {{"cells", std::move(cells)},
          {"newest_reset", fold.newest_reset ? stamp_json(*fold.newest_reset) : Json()},
          {"ticked", fold.ticked ? Json(*fold.ticked) : Json()},
          {"edits", std::move(edits)}};
}

FoldState fold_of(const Json& json) {
  FoldState fold;
  for (const auto& [key, memory] : json.at("cells").items()) {
    fold.cells[key] = {stamp_of(memory), memory.at("passed").get<bool>()};
  }
  if (const Json& reset = json.at("newest_reset"); !reset.is_null()) {
    fold.newest_reset = stamp_of(reset);
  }
  if (const Json& ticked = json.at("ticked"); !ticked.is_null()) {
    fold.ticked = ticked.get<std::set<std::string>>();
  }
  for (const auto& [box, time] : json.at("edits").items()) {
    fold.edits[box] = TimePoint(Milliseconds(time.get<std::int64_t>()));
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

JournalMark mark_at(std::string_view journal, std::uint64_t offset) {
  if (offset == 0) {
    return {};
  }
  const std::size_t before = offset < 2 ? std::string_view::npos : journal.rfind('\n', offset - 2);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return {offset, fingerprint(journal.substr(begin, offset - begin))};
}

bool still_holds(const JournalMark& mark, std::string_view journal) {
  return mark.offset <= journal.size() && mark_at(journal, mark.offset) == mark;
}

std::string serialise_state(const StoreState& state) {
  const Json json{{"version", k_version},
                  {"document", state.document},
                  {"mark", mark_json(state.mark)},
                  {"fold", fold_json(state.fold)},
                  {"intent", state.intent ? intent_json(*state.intent) : Json()}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<StoreState> parse_state(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("version") != k_version) {
      return std::nullopt;
    }
    StoreState state{json.at("document").get<std::string>(), mark_of(json.at("mark")),
                     fold_of(json.at("fold")), std::nullopt};
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
