#include "progress/basis.hpp"

#include "base/text.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/build_reads.hpp"
#include "plan/environment.hpp"
#include "progress/share_run.hpp"
#include "progress/sources.hpp"
#include "progress/store.hpp"
#include "progress/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_named = 10; // stale ticks in a sentence
constexpr const char* k_sources = "sources";

constexpr std::string_view k_rules = "rules";
constexpr std::string_view k_variable = "variable ";
constexpr std::string_view k_build = "build of ";
constexpr std::string_view k_service = "service ";

/// What records of version 0.1, which have no rules, do not tell.
bool is_since_0_2(std::string_view name) {
  constexpr std::array<std::string_view, 3> k_names{"command", "environment", k_rules};
  return std::ranges::find(k_names, name) != k_names.end() || name.starts_with(k_variable) ||
         name.starts_with(k_build) || name.starts_with(k_service);
}

std::string fingerprint_of(const std::vector<TextTemplate>& texts) {
  std::string all;
  for (const TextTemplate& text : texts) {
    all += text.source() + '\0';
  }
  return fingerprint(all);
}

std::string fingerprint_of(const Environment& environment) {
  std::string all;
  for (const auto& [name, value] : environment) {
    all += name + '=' + value.source() + '\0';
  }
  return fingerprint(all);
}

/// What the values of the cell stand for, where that is not their names: texts of the environment have them.
std::string texts_of_values(const CommonPlan& common, const BoundCell& cell) {
  std::string all;
  for (const auto& [name, text] : common.texts.empty() ? Assignment() : axis_values(common, cell)) {
    all += name + '=' + text + '\0';
  }
  return all;
}

/// What differs, in the order of `now`; what only one of them has differs, too.
std::vector<std::string> changed_between(const TickBasis& then, const TickBasis& now) {
  std::vector<std::string> changed;
  const auto differs = [](const TickBasis& basis, const auto& entry) {
    return std::ranges::find(basis, entry) == basis.end();
  };
  const bool is_of_version_0_1 =
      std::ranges::none_of(then, [](const auto& entry) { return entry.first == k_rules; });
  for (const auto& entry : now) {
    if (differs(then, entry) && !(is_of_version_0_1 && is_since_0_2(entry.first))) {
      changed.push_back(entry.first);
    }
  }
  for (const auto& entry : then) {
    if (differs(now, entry) && std::ranges::find(changed, entry.first) == changed.end()) {
      changed.push_back(entry.first);
    }
  }
  return changed;
}

/// By which rules a run of the cell is a pass. Why something is skipped is not one of them.
std::string rules_of(const CommonPlan& common, const BoundCell& cell) {
  return fingerprint(fmt::format("{} {} {} {} {} {}", static_cast<int>(report_format(common, cell)),
                                 static_cast<int>(common.proves), static_cast<int>(common.counts),
                                 static_cast<int>(common.leaks), !cell.skip_reason.empty(), cell.may_skip) +
                     join(cell.report_files, std::string(1, '\0')));
}

/// Whether a variable tells of the suite: CTest's own ones differ from run to run, and some are another on
/// each machine or terminal, and handed on whether they are named or not.
bool tells_of_suite(std::string_view name) {
  constexpr std::string_view k_of_the_machine[] = {
      "PATH", "HOME",  "USER",   "LOGNAME",         "PWD",
      "TERM", "SHELL", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME"};
  return !name.starts_with("CTEST_") &&
         std::ranges::find(k_of_the_machine, name) == std::end(k_of_the_machine);
}

/// The names of the caller's variables that decide what runs, as `{env.NAME}` in a text.
class NamedVariables {
public:
  void add(const TextTemplate& text) {
    constexpr std::string_view k_env = "env.";
    for (const auto& [name, offset] : text.placeholders()) {
      if (name.starts_with(k_env) && tells_of_suite(name.substr(k_env.size()))) {
        m_names.insert(name.substr(k_env.size()));
      }
    }
  }

  void add(const std::vector<TextTemplate>& texts) {
    std::ranges::for_each(texts, [&](const TextTemplate& text) { add(text); });
  }

  void add(const Environment& environment) {
    std::ranges::for_each(environment, [&](const auto& entry) { add(entry.second); });
  }

  /// A value may be a secret: 32 bits tell that it is another one, and too little to find it by.
  void append_to(TickBasis& basis) const {
    constexpr std::size_t k_digits = 8;
    for (const std::string& name : m_names) {
      const std::string value = lookup_in({})("env." + name).value_or("");
      basis.emplace_back(std::string(k_variable) + name, fingerprint(name + '=' + value).substr(0, k_digits));
    }
  }

private:
  std::set<std::string> m_names;
};

} // namespace

BasisReader::BasisReader(const CommonPlan& common)
    : m_common(common), m_contents(common.places.root, common.places.state / "contents") {}

const std::string& BasisReader::of_artifact(const Artifact& artifact) {
  const auto [known, is_new] = m_artifacts.try_emplace(artifact.name);
  if (is_new) {
    known->second =
        artifact.depfiles.empty()
            ? m_contents.of_files(artifact.inputs)
            : fingerprint(m_contents.of_files(inputs_of(artifact)) + ' ' + reads_digest(m_common, artifact));
  }
  return known->second;
}

TickBasis BasisReader::of(const BoundCell& cell) {
  TickBasis basis;
  if (!cell.file.empty()) {
    basis.emplace_back("test file", ContentReader::of_file(cell.file));
  }
  if (!cell.inputs.empty()) {
    basis.emplace_back("inputs", m_contents.of_files(cell.inputs));
  }
  if (const auto sources = m_sources ? m_sources : m_sources = sources_now(m_common)) {
    basis.emplace_back(k_sources, *sources);
  }
  for (const Artifact& artifact : m_common.artifacts) {
    if (std::ranges::find(cell.variant->artifacts, artifact.name) != cell.variant->artifacts.end()) {
      basis.emplace_back("artifact " + artifact.name, of_artifact(artifact));
    }
  }
  basis.emplace_back("command",
                     fingerprint((cell.row->wrap.empty() ? "" : fingerprint_of(cell.row->wrap)) +
                                 fingerprint_of(cell.command) + cell.filter + '\0' + cell.scope + '\0' +
                                 cell.directory.lexically_relative(m_common.places.root).string()));
  basis.emplace_back("environment",
                     fingerprint(fingerprint_of(m_common.environment) +
                                 fingerprint_of(cell.variant->environment) +
                                 fingerprint_of(cell.row->environment) + texts_of_values(m_common, cell)));
  basis.emplace_back(k_rules, rules_of(m_common, cell));
  add_recipes(cell, basis);
  return basis;
}

std::string BasisReader::recipe_of(const std::vector<const Artifact*>& artifacts) {
  std::string all;
  for (const Artifact* artifact : artifacts) {
    all += artifact->name + '\0' + artifact->directory + '\0' + fingerprint_of(artifact->command) +
           fingerprint_of(artifact->environment) + of_artifact(*artifact);
  }
  return all;
}

void BasisReader::add_recipes(const BoundCell& cell, TickBasis& basis) {
  NamedVariables variables;
  variables.add(cell.command);
  variables.add(cell.row->wrap);
  for (const Environment* environment :
       {&m_common.environment, &cell.variant->environment, &cell.row->environment}) {
    variables.add(*environment);
  }
  const auto built = [&](const std::vector<std::string>& names) {
    const auto chain = artifact_chain(m_common.artifacts, names);
    for (const Artifact* artifact : chain) {
      variables.add(artifact->command);
      variables.add(artifact->environment);
    }
    return recipe_of(chain);
  };
  for (const std::string& name : cell.variant->artifacts) {
    basis.emplace_back(std::string(k_build) + name, fingerprint(built({name})));
  }
  for (const Service& service : m_common.services) {
    if (std::ranges::find(cell.variant->services, service.name) != cell.variant->services.end()) {
      variables.add(service.command);
      variables.add(service.environment);
      basis.emplace_back(std::string(k_service) + service.name,
                         fingerprint(service.directory + '\0' + fingerprint_of(service.command) +
                                     fingerprint_of(service.environment) + built(service.after)));
    }
  }
  variables.append_to(basis);
}

std::string basis_digest(const TickBasis& basis) {
  std::string all;
  for (const auto& [name, value] : basis) {
    all += fmt::format("{}={}\n", name, value);
  }
  return basis.empty() ? "" : fingerprint(all).substr(0, 8);
}

bool is_current(const Record& record, const BoundCell& cell, BasisReader& reader) {
  return record.basis.empty() || changed_between(record.basis, reader.of(cell)).empty();
}

bool of_same_sources(const Record& a, const Record& b) {
  constexpr std::string_view k_of_a_column[] = {"inputs", "command", "environment", "rules"};
  return std::ranges::none_of(a.basis, [&](const auto& entry) {
    const auto other = std::ranges::find(b.basis, entry.first, [](const auto& pair) { return pair.first; });
    const bool shared = std::ranges::find(k_of_a_column, entry.first) == std::end(k_of_a_column);
    return shared && other != b.basis.end() && other->second != entry.second;
  });
}

namespace {

/// What has changed since a result; nothing where it does not tell what it rests on.
std::vector<std::string> changed_since(const Record& record, const BoundCell& cell, BasisReader& reader) {
  if (!record.basis.empty()) {
    return changed_between(record.basis, reader.of(cell));
  }
  if (!record.digest.empty() && record.digest != basis_digest(reader.of(cell))) {
    return {"other sources"};
  }
  return {};
}

/// Names which of the sources changed after that time, where the files tell: `sources (src/a.ts and 2 more)`.
/// One that is gone, or came with an old time, does not.
std::string sources_changed_after(TimePoint time, const std::vector<SourceTime>& newest_first) {
  const auto end =
      std::ranges::find_if(newest_first, [&](const SourceTime& source) { return source.changed <= time; });
  const auto count = static_cast<std::size_t>(end - newest_first.begin());
  if (count == 0) {
    return k_sources;
  }
  const std::string more = count > 1 ? fmt::format(" and {} more", count - 1) : "";
  return fmt::format("{} ({}{})", k_sources, newest_first.front().path, more);
}

/// The open boxes whose cells have all passed, by the results that are here: what opened them is a person, or
/// a result that this journal does not have any more.
std::set<std::pair<std::string, std::string>>
open_boxes_of_passes(const Plan& plan, const std::vector<Record>& latest,
                     const std::set<std::pair<std::string, std::string>>& ticked) {
  std::set<std::string> passed;
  for (const Record& record : latest) {
    if (earns_tick(record.verdict)) {
      passed.insert(record.cell);
    }
  }
  std::set<std::pair<std::string, std::string>> open;
  std::set<std::pair<std::string, std::string>> not_passed = ticked;
  for (const Cell& cell : plan.cells) {
    auto& boxes = passed.contains(cell.name) ? open : not_passed;
    boxes.emplace(cell.row->name, cell.variant->column);
  }
  std::erase_if(open, [&](const auto& box) { return not_passed.contains(box); });
  return open;
}

} // namespace

std::vector<std::string> disowned_ticks(const Plan& plan, std::span<const Record> journal) {
  const auto ticked = ticked_boxes(plan);
  const auto by_hand = boxes_changed_by_hand(plan);
  std::vector<std::string> cells;
  for (const Record& record : latest_records(plan, journal)) {
    const Cell* const cell = find_cell(plan, record.cell);
    const bool failed = !earns_tick(record.verdict) && record.verdict != Verdict::setup &&
                        record.verdict != Verdict::interrupted;
    if (cell != nullptr && failed) {
      const std::pair<std::string, std::string> box(cell->row->name, cell->variant->column);
      if (ticked.contains(box) && !by_hand.contains(box)) {
        cells.push_back(cell->name);
      }
    }
  }
  return cells;
}

TickAges tick_ages(const Plan& plan, std::span<const Record> journal) {
  const auto ticked = ticked_boxes(plan);
  const std::vector<Record> latest = latest_records(plan, journal);
  const auto run = newest_share_run(results_by_cell(journal, plan));
  std::vector<std::string> rows;
  std::ranges::transform(plan.rows, std::back_inserter(rows), &Row::name);
  static_cast<void>(list_sources(plan.common, rows)); // where that fails, the list before it is used
  const auto by_hand = boxes_changed_by_hand(plan);
  BasisReader reader(plan.common);
  TickAges ages;
  std::optional<std::vector<SourceTime>> times;
  std::set<std::pair<std::string, std::string>> opened = open_boxes_of_passes(plan, latest, ticked);
  opened.insert(by_hand.begin(), by_hand.end());
  for (const Cell& cell : plan.cells) {
    const std::pair<std::string, std::string> box(cell.row->name, cell.variant->column);
    const bool is_ticked = ticked.contains(box);
    const auto record = std::ranges::find(latest, cell.name, &Record::cell);
    const bool passed = record != latest.end() && earns_tick(record->verdict);
    const bool tells = record != latest.end() && record->verdict != Verdict::setup &&
                       !(record->basis.empty() && record->digest.empty());
    if (is_ticked && !(passed && tells)) {
      ++ages.unknown;
      if (!passed && !by_hand.contains(box)) {
        ages.unrecorded.push_back(cell.name);
      } else if (passed) {
        ages.untold.push_back(cell.name);
      }
    }
    if (passed && !is_ticked && opened.contains(box)) {
      ages.reopened.push_back(cell.name);
    }
    auto changed =
        tells ? changed_since(*record, bind(plan.common, cell), reader) : std::vector<std::string>();
    if (const auto sources = std::ranges::find(changed, k_sources); sources != changed.end()) {
      if (!times) {
        times = source_times(plan.common);
      }
      *sources = sources_changed_after(record->finished - record->duration, *times);
    }
    if (run && record != latest.end() && is_before(*record, *run)) {
      changed.push_back(run->id.empty() ? "the shares ran" : fmt::format("run {} of the shares", run->id));
    }
    if (!changed.empty()) {
      ages.outdated.push_back({cell.name, changed});
      if (is_ticked && passed) {
        ages.stale.push_back({cell.name, changed});
      }
    }
  }
  return ages;
}

std::string render_ages(const TickAges& ages) {
  std::vector<std::string> named;
  for (const StaleTick& tick : ages.stale) {
    if (named.size() == k_named) {
      named.emplace_back("...");
      break;
    }
    named.push_back(fmt::format("{}: {}", tick.cell, join(tick.changed, ", ")));
  }
  std::string text;
  if (!named.empty()) {
    text +=
        fmt::format("Ticks older than what they depend on: {} ({})\n", ages.stale.size(), join(named, "; "));
  }
  if (ages.unknown > 0) {
    text += fmt::format("Ticks of unknown age: {}\n", ages.unknown);
  }
  return text;
}

} // namespace ctest_matrix
