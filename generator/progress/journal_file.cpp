#include "progress/journal_file.hpp"

#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "base/formats.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"
#include "progress/journal.hpp"
#include "progress/store_state.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t k_large = 8U << 20U; // bytes
constexpr std::uint64_t k_growth = 4;         ///< times what the last compaction kept
constexpr int k_results = 100;                ///< of a cell
constexpr int k_remarks = 500;                ///< set-ups and notes, of each profile
constexpr std::string_view k_base_begin = R"({"version":1,"kind":"base",)";

struct Base {
  std::uint64_t offset = 0;
  std::uint64_t kept = 0;  ///< bytes of the file when it was compacted
  std::uint64_t whole = 0; ///< bytes behind the line when it was copied; 0: it is no copy

  bool operator==(const Base&) const = default;
};

template <typename Archive>
void fields(Archive& archive, Base& base) {
  archive.constant("version", k_journal_format);
  archive.constant("kind", std::string("base"));
  archive("offset", base.offset);
  archive("kept", base.kept);
  archive.if_set("whole", base.whole);
}

/// The first line, with its newline, when it is a base; else empty.
std::string_view base_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  return text.starts_with(k_base_begin) && end != std::string_view::npos ? text.substr(0, end + 1)
                                                                         : std::string_view();
}

Base base_of(std::string_view line) {
  const auto base = line.empty() ? Result<Base>(Base()) : from_json<Base>(line);
  return base ? *base : Base();
}

/// The base that a file begins with, and the length of its line.
std::pair<Base, std::size_t> read_base(const fs::path& path) {
  std::string begin(200, '\0'); // longer than the line gets
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<std::size_t>(file.gcount()));
  const std::string_view line = base_line(begin);
  return {base_of(line), line.size()};
}

fs::path dropped_file(const fs::path& journal) {
  return journal.parent_path() / "dropped-ids";
}

/// How far each profile has applied the journal.
std::map<std::string, std::uint64_t> applied_offsets(const fs::path& journal) {
  constexpr std::string_view k_begin = "progress-";
  constexpr std::string_view k_end = ".state";
  std::map<std::string, std::uint64_t> offsets;
  std::error_code error;
  for (fs::directory_iterator entry(journal.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const auto text = name.starts_with(k_begin) && name.ends_with(k_end) ? read_file(entry->path())
                                                                         : Result<std::string>(Error());
    if (const auto state = text ? parse_state(*text) : std::nullopt) {
      offsets[name.substr(k_begin.size(), name.size() - k_begin.size() - k_end.size())] = state->mark.offset;
    }
  }
  return offsets;
}

/// Decides, from the end of a journal to its beginning, which lines stay.
class Keeper {
public:
  explicit Keeper(std::map<std::string, std::uint64_t> applied) : m_applied(std::move(applied)) {}

  bool keeps(const std::string_view line, std::uint64_t behind) {
    const std::optional<Record> record = parse_record(line);
    if (!record) {
      return true; // of a later version, perhaps
    }
    const auto applied = m_applied.find(record->profile);
    const bool is_new = applied == m_applied.end() || behind > applied->second;
    const bool stays = counts(*record) || is_new;
    if (!stays && record->kind == RecordKind::cell) {
      m_dropped.push_back(record->id);
    }
    return stays;
  }

  /// From the newest to the oldest.
  const std::vector<std::string>& dropped() const { return m_dropped; }

private:
  bool counts(const Record& record) {
    switch (record.kind) {
    case RecordKind::cell:
      m_ended.insert(record.id);
      return ++m_seen[record.profile + '\n' + record.cell] <= k_results;
    case RecordKind::begin:
      return !m_ended.contains(record.id);
    case RecordKind::reset:
      return ++m_seen[record.profile] <= 1;
    case RecordKind::note:
    case RecordKind::setup:
      break;
    }
    return ++m_seen[record.profile + "\n\n"] <= k_remarks;
  }

  std::map<std::string, std::uint64_t> m_applied;
  std::map<std::string, int> m_seen;
  std::set<std::string> m_ended;
  std::vector<std::string> m_dropped;
};

/// The text without the lines that need not stay; `begin` is its offset. The last line always stays: it is
/// what the states know the journal by.
std::string kept_part(std::string_view text, std::uint64_t begin, Keeper& keeper) {
  std::vector<std::string_view> lines;
  std::size_t end = text.rfind('\n') + 1; // a last line without its newline goes
  const std::size_t last = end;
  while (end > 0) {
    const std::size_t newline = end < 2 ? std::string_view::npos : text.rfind('\n', end - 2);
    const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
    const std::string_view line = text.substr(start, end - start);
    if (keeper.keeps(line.substr(0, line.size() - 1), begin + end) || end == last) {
      lines.push_back(line);
    }
    end = start;
  }
  std::string kept;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    kept += *line;
  }
  return kept;
}

/// The line of a base whose journal ends at `end`, `kept` bytes behind it.
std::string make_base_line(std::uint64_t end, std::uint64_t kept) {
  std::string line;
  for (std::size_t length = 0; line.size() != length || length == 0;) { // it counts itself
    length = line.size();
    const std::uint64_t size = kept + length;
    line = to_json(Base{.offset = end - std::min(end, size), .kept = size}) + '\n';
  }
  return line;
}

} // namespace

JournalText journal_text(std::string file) {
  const std::string_view line = base_line(file);
  const Base base = base_of(line);
  JournalText journal{
      .text = {}, .begin = base.offset + line.size(), .line = line.empty() ? 1U : 2U, .whole = base.whole};
  file.erase(0, line.size());
  journal.text = std::move(file);
  return journal;
}

std::string copy_of_journal(std::string_view file) {
  const std::string_view line = base_line(file);
  const std::string_view lines = file.substr(line.size());
  Base base = base_of(line);
  base.whole = lines.size();
  return fmt::format("{}\n{}", to_json(base), lines);
}

Result<JournalText> read_journal_text(const fs::path& path, std::uint64_t from) {
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(path, missing);
  if (!fs::exists(path, missing)) {
    return JournalText{};
  }
  if (!fs::is_regular_file(path, missing)) { // a pipe would hold it up
    return Error{ExitCode::input, fmt::format("cannot read {}: not a regular file", path.string())};
  }
  const auto [base, length] = read_base(path);
  const std::uint64_t first = base.offset + length;
  const bool is_another = from > base.offset + size; // what was read then is not there any more
  const std::uint64_t begin = is_another ? first : std::max(from, first);
  TRY_ASSIGN(std::string text, read_file_from(path, begin - base.offset));
  if (read_base(path).first != base) { // compacted meanwhile: the text may be that of another offset
    return read_journal_text(path, from);
  }
  return JournalText{std::move(text), begin, length == 0 ? 1U : 2U, base.whole};
}

Result<void> check_journal_format(const fs::path& path, std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    TRY(check_format(path, line, k_journal_format, "its results are unknown then, its ticks stay"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

bool is_large_journal(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  return !error && size > k_large && size > k_growth * read_base(path).first.kept;
}

Result<void> compact_journal(const fs::path& path) {
  // The lock of whoever appends; they look whether their file is still the one of the path.
  const Descriptor lock(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!lock) {
    return Error{ExitCode::input, fmt::format("cannot lock {}: {}", path.string(), std::strerror(errno))};
  }
  await_lock(lock.get());
  TRY_ASSIGN(const JournalText journal, read_journal_text(path));
  Keeper keeper(applied_offsets(path));
  const std::string kept = kept_part(journal.text, journal.begin, keeper);
  const std::size_t whole = journal.text.rfind('\n') + 1;
  if (kept.size() > whole / 2) {
    return {};
  }
  if (!keeper.dropped().empty()) {
    TRY(append_line_durably(dropped_file(path), join(keeper.dropped(), "\n")));
  }
  return write_file_atomic(path, make_base_line(journal.begin + whole, kept.size()) + kept);
}

Result<void> check_whole_journal(const fs::path& path, const JournalText& journal) {
  const bool ends_in_a_line = !journal.text.empty() && !journal.text.ends_with('\n');
  if (!ends_in_a_line && journal.text.size() >= journal.whole) {
    return {};
  }
  const std::string ends = ends_in_a_line ? "ends in the middle of a line"
                                          : fmt::format("has {} bytes of the {} that it says it has",
                                                        journal.text.size(), journal.whole);
  return Error{ExitCode::input,
               fmt::format("{}: this journal {}, expected a whole copy of it; nothing was taken in",
                           path.string(), ends)};
}

std::set<std::string> dropped_ids(const fs::path& path) {
  const auto text = read_file(dropped_file(path));
  const std::vector<std::string> ids = split_lines(text ? *text : "");
  return {ids.begin(), ids.end()};
}

} // namespace ctest_matrix
