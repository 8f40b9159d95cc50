#include "progress/store_state.hpp"

#include "base/formats.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"
#include "progress/store_state_0_1.hpp"

#include <algorithm>
#include <utility>

namespace ctest_matrix {

// The JSON of a state (base/json_fields.hpp).

template <typename Archive>
void fields(Archive& archive, JournalMark& mark) {
  archive("offset", mark.offset);
  archive("last_line", mark.last_line);
  archive("begin", mark.begin);
}

template <typename Archive>
void elements(Archive& archive, RecordStamp& stamp) {
  archive(stamp.finished, stamp.id);
}

template <typename Archive>
void elements(Archive& archive, CellMemory& memory) {
  archive(memory.stamp.finished, memory.stamp.id, memory.passed);
}

template <typename Archive>
void fields(Archive& archive, FoldState& fold) {
  archive("cells", fold.cells);
  archive("reset", fold.newest_reset);
  archive("ticked", fold.ticked);
  archive("edits", fold.edits);
  archive.if_set("merged_start", fold.merged_start);
}

template <typename Archive>
void fields(Archive& archive, Intent& intent) {
  archive("before", intent.before);
  archive("after", intent.after);
  archive("lines", intent.lines);
  archive("started", intent.started);
  archive("mark", intent.mark);
  archive("fold", intent.fold);
}

template <typename Archive>
void fields(Archive& archive, StoreState& state) {
  archive.constant("version", k_state_format);
  archive("document", state.document);
  archive.may_lack("boot", state.boot);
  archive.may_lack("entries", state.entries);
  archive("mark", state.mark);
  archive("fold", state.fold);
  archive("intent", state.intent);
}

namespace {

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

bool is_ticked(const Document& document, const std::string& box) {
  const std::size_t space = box.find(" [");
  return space != std::string::npos && box.ends_with(']') &&
         document.box(box.substr(0, space), box.substr(space + 2, box.size() - space - 3)) ==
             BoxState::ticked;
}

/// The boxes are written first: where the lines are not there, some may be as the intent wants them. They are
/// ours, and no edit.
void adopt_boxes(FoldState& fold, const Intent& intent, const Document& document) {
  if (!fold.ticked || !intent.fold.ticked) {
    return;
  }
  for (const std::string& box : *intent.fold.ticked) {
    if (is_ticked(document, box)) {
      fold.ticked->insert(box);
    }
  }
  std::erase_if(*fold.ticked, [&](const std::string& box) {
    return !intent.fold.ticked->contains(box) && !is_ticked(document, box);
  });
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
  return to_json(state) + '\n';
}

Result<void> check_state_format(const std::filesystem::path& path, std::string_view text) {
  return check_format(path, text, k_state_format,
                      "what is applied is found out anew, which boxes people changed is forgotten");
}

std::optional<StoreState> parse_state(std::string_view text) {
  auto state = text.ends_with('\n') ? from_json<StoreState>(text) : Result<StoreState>(Error());
  return state ? std::optional(*std::move(state)) : parse_state_0_1(text);
}

int log_entries(const Document& document) {
  return static_cast<int>(std::ranges::count_if(document.log(), [](const std::string& line) {
    return line.size() > 2 && line.starts_with("- ") && line[2] >= '0' && line[2] <= '9';
  }));
}

void settle_intent(StoreState& state, const std::optional<std::string>& document) {
  if (!state.intent) {
    return;
  }
  const Intent intent = *std::exchange(state.intent, std::nullopt);
  const std::string current = document ? fingerprint(*document) : "";
  if (current == intent.before) {
    return;
  }
  const Document parsed = Document::parse(document.value_or(""));
  if (current == intent.after || (document && shows(parsed, intent))) {
    state.mark = intent.mark;
    state.fold = intent.fold;
    state.entries = log_entries(parsed);
  } else {
    adopt_boxes(state.fold, intent, parsed);
  }
}

} // namespace ctest_matrix
