#include "shard/lengths.hpp"

#include "base/files.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"
#include "progress/document.hpp"
#include "progress/durations.hpp"
#include "progress/journal.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr int k_lengths_format = 1;
constexpr std::size_t k_shown_digits = 8;
constexpr Milliseconds k_longest_length = std::chrono::hours(7 * 24); // what is longer is nobody's cell

} // namespace

struct ProfileLengths {
  Lengths cells;
  Lengths set_ups;
};

struct LengthsFile {
  std::string matrix;
  std::map<std::string, ProfileLengths> profiles;
};

template <typename Archive>
void fields(Archive& archive, ProfileLengths& lengths) {
  archive("cells", lengths.cells);
  archive.if_set("set_ups", lengths.set_ups);
}

template <typename Archive>
void fields(Archive& archive, LengthsFile& file) {
  archive.constant("version", k_lengths_format);
  archive("matrix", file.matrix);
  archive("profiles", file.profiles);
}

namespace {

/// The matrix without the prefix: files are of a checkout, prefixes of a build directory.
std::string bare_name(const CommonPlan& common) {
  return common.name.substr(common.places.prefix.size());
}

Result<LengthsFile> parse_lengths(const CommonPlan& common, const std::string& text) {
  TRY_ASSIGN(LengthsFile file, from_json<LengthsFile>(text));
  if (file.matrix != bare_name(common)) {
    return Error{ExitCode::input, fmt::format("expected durations of the matrix '{}', got those of '{}'",
                                              bare_name(common), printable(file.matrix))};
  }
  for (const auto& [name, profile] : file.profiles) {
    for (const Lengths* lengths : {&profile.cells, &profile.set_ups}) {
      for (const auto& [what, length] : *lengths) {
        if (length < Milliseconds(0) || length > k_longest_length) {
          return Error{ExitCode::input,
                       fmt::format("expected milliseconds from 0 to {}, got {}: {}", k_longest_length.count(),
                                   length.count(), printable(what))};
        }
      }
    }
  }
  return file;
}

/// The newest set-up of each artifact and of each instance of a service that went well, of a service that of
/// the slowest instance.
Lengths set_up_lengths(const Plan& plan, const std::vector<Record>& records) {
  std::map<std::pair<std::string, std::string>, Milliseconds> newest;
  for (const Record& record : records) {
    if (record.kind == RecordKind::setup && record.brief.empty()) {
      newest[{record.row, record.column}] = record.duration;
    }
  }
  Lengths lengths;
  for (const auto& [key, duration] : newest) {
    const auto& [fixture, instance] = key;
    const bool is_pool = std::ranges::any_of(plan.common.services, [&, &of = instance](const Service& each) {
      return each.instances > 1 && of.substr(0, of.rfind('.')) == each.name;
    });
    const std::string name =
        fixture == "service" && is_pool ? instance.substr(0, instance.rfind('.')) : instance;
    Milliseconds& length = lengths[fmt::format("{} {}", fixture, name)];
    length = std::max(length, duration);
  }
  return lengths;
}

KnownLengths of_records(const Plan& plan, const std::vector<Record>& records,
                        const std::vector<std::string>& log) {
  return {.cells = cell_durations(plan, records, log), .set_ups = set_up_lengths(plan, records)};
}

Result<KnownLengths> parse_any(const Plan& plan, const std::string& text) {
  if (const JournalSlice journal = parse_journal(text); !journal.records.empty()) {
    return of_records(plan, journal.records, {});
  }
  if (const Document document = Document::parse(text); document.is_progress_document()) {
    return of_records(plan, {}, document.log());
  }
  TRY_ASSIGN(LengthsFile file, parse_lengths(plan.common, text));
  ProfileLengths& lengths = file.profiles[plan.common.profile];
  return KnownLengths{.cells = std::move(lengths.cells), .set_ups = std::move(lengths.set_ups)};
}

/// The part of a name that tells cells of a kind: section and column.
struct Kind {
  std::string label;
  std::string column;

  auto operator<=>(const Kind&) const = default;
};

/// Known lengths as parts of their time-outs (a millionth each), so that those of several sections can stand
/// together.
class Guesses {
public:
  void add(const Cell& cell, Milliseconds length) {
    const std::int64_t share = length.count() * 1000 / std::max(cell.timeout, 1);
    const Kind kind = kind_of(cell);
    for (const Kind& key : {kind, Kind{kind.label, ""}, Kind{"", kind.column}, Kind{}}) {
      m_shares[key].push_back(share);
    }
  }

  Milliseconds of(const Cell& cell) {
    const std::int64_t timeout = std::max(cell.timeout, 1);
    const Kind kind = kind_of(cell);
    for (const Kind& key : {kind, Kind{kind.label, ""}, Kind{"", kind.column}, Kind{}}) {
      if (const auto found = m_shares.find(key); found != m_shares.end()) {
        return Milliseconds(std::max<std::int64_t>(median(found->second) * timeout / 1000, 1));
      }
    }
    return Milliseconds(timeout * 1000);
  }

private:
  static Kind kind_of(const Cell& cell) { return {cell.row->label, cell.variant->column}; }

  static std::int64_t median(std::vector<std::int64_t>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  }

  std::map<Kind, std::vector<std::int64_t>> m_shares;
};

} // namespace

fs::path usual_lengths_file(const CommonPlan& common) {
  return common.places.matrix.parent_path() / "durations.json";
}

Result<KnownLengths> read_lengths(const Plan& plan, const fs::path& file, ReadLog& log) {
  const fs::path path = file.empty() ? usual_lengths_file(plan.common) : file;
  if (file.empty() && log.kind(path) == FileKind::none) {
    return KnownLengths();
  }
  TRY_ASSIGN(const std::string text, log.file(path));
  auto known = parse_any(plan, text);
  if (!known) {
    return Error{ExitCode::input, fmt::format("{}: expected durations, a journal or a progress file: {}",
                                              path.string(), known.error().message)};
  }
  known->source =
      fmt::format("{} (digest {})", path.filename().string(), fingerprint(text).substr(0, k_shown_digits));
  return *std::move(known);
}

KnownLengths lengths_here(const Plan& plan) {
  const auto journal = read_journal(store_paths(plan.common).journal);
  const auto text = read_file(plan.common.progress);
  return of_records(plan, journal ? journal->records : std::vector<Record>(),
                    text ? Document::parse(*text).log() : std::vector<std::string>());
}

Result<std::string> lengths_text(const Plan& plan, const KnownLengths& known, const std::string& existing) {
  LengthsFile file;
  if (!existing.empty()) {
    TRY_ASSIGN(file, parse_lengths(plan.common, existing));
  }
  file.matrix = bare_name(plan.common);
  file.profiles[plan.common.profile] = {.cells = known.cells, .set_ups = known.set_ups};
  return to_json(file, 2) + "\n";
}

CellLengths cell_lengths(const Plan& plan, const Lengths& known) {
  CellLengths lengths;
  Guesses guesses;
  for (const Cell& cell : plan.cells) {
    if (const auto found = known.find(cell.name); found != known.end()) {
      guesses.add(cell, found->second);
    }
  }
  for (const Cell& cell : plan.cells) {
    const auto found = known.find(cell.name);
    lengths.known += found != known.end() ? 1 : 0;
    lengths.cells.push_back(found != known.end() ? found->second : guesses.of(cell));
  }
  return lengths;
}

} // namespace ctest_matrix
