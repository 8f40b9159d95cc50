#include "progress/last_run.hpp"

#include "base/content.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/result_files.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// What a load of the tests was asked for.
struct LoadedAs {
  std::string profile;
  Assignment settings; ///< over the profile's

  bool operator==(const LoadedAs&) const = default;
};

constexpr std::size_t k_note_lines = 7;

/// What is noted of a load, a line each: the profile, the settings (`encoding=cbor;...`), what CTest has
/// written and the progress file, since when results are of a run behind the noted ones, from where on which
/// journal holds them, and which list of failed tests was seen.
std::string note_text(const LoadedAs& loaded, const std::string& results, const std::string& progress,
                      const std::string& since, const std::string& from, const std::string& failed) {
  std::vector<std::string> settings;
  for (const auto& [axis, value] : loaded.settings) {
    settings.push_back(fmt::format("{}={}", axis, value));
  }
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n", loaded.profile, join(settings, ";"), results, progress,
                     since, from, failed);
}

LoadedAs loaded_as(const std::vector<std::string>& lines) {
  LoadedAs loaded{lines[0], {}};
  for (const std::string& setting : split(lines[1], ';')) {
    if (const std::size_t equals = setting.find('='); equals != std::string::npos) {
      loaded.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
  }
  return loaded;
}

/// Another text for another list of failed tests: `ctest -N` leaves that of the run before it.
std::string list_mark(const std::optional<FailedTests>& failed) {
  return failed ? fmt::format("{} {}", failed->written.time_since_epoch().count(),
                              fingerprint(join(failed->names, "\n")))
                : "none";
}

std::uint64_t number_in(const std::string& line) {
  return std::strtoull(line.c_str(), nullptr, 10);
}

/// From where on this journal holds what is new: all of it, where the note was made beside another one.
std::uint64_t noted_offset(const std::string& line, const fs::path& journal) {
  return line.ends_with(" " + journal.string()) ? number_in(line) : 0;
}

/// For the profile and the settings that the tests were loaded with.
Result<UntoldOutcome> take_untold(const Plan& plan, const ProjectOptions& project, const LoadedAs& loaded,
                                  const LoadedAs& current, const Untold& untold, Milliseconds patience) {
  if (loaded == current) {
    return take_in_untold(plan, untold, patience);
  }
  ProjectOptions then = project;
  then.profile = loaded.profile;
  then.overrides = loaded.settings;
  TRY_ASSIGN(const Plan other, load_plan(then));
  return take_in_untold(other, untold, patience);
}

} // namespace

bool was_loaded_as(const fs::path& state, const std::string& profile, const Assignment& settings) {
  const auto noted = read_file(state / "last-load");
  const auto lines = split_lines(noted ? *noted : "");
  return lines.size() == k_note_lines && loaded_as(lines) == LoadedAs{profile, settings};
}

Result<IntakeOutcome> take_in_last_run(const Plan& plan, const ProjectOptions& project, Milliseconds patience,
                                       UnknownLoad unknown) {
  const fs::path& state = plan.common.places.state;
  const fs::path note = state / "last-load";
  const fs::path build_dir = plan.common.places.build_dir();
  const std::string results = results_mark(build_dir);
  const LoadedAs current{plan.common.profile, project.overrides};
  const auto noted = read_file(note);
  const std::vector<std::string> lines = split_lines(noted ? *noted : "");
  const bool knows = lines.size() == k_note_lines;
  const std::string progress = file_signature(plan.common.progress);
  const bool same_results = knows && lines[2] == results;
  const fs::path journal = store_paths(plan.common).journal;
  const std::uint64_t from = knows ? noted_offset(lines[5], journal) : 0;
  const std::optional<FailedTests> failed = failed_tests_of(build_dir);
  const bool is_new_list = knows ? lines[6] != list_mark(failed) : unknown == UnknownLoad::take_as_current;
  Result<UntoldOutcome> taken = take_untold(
      plan, project, knows ? loaded_as(lines) : current, current,
      {.failed = is_new_list ? failed : std::nullopt,
       .since = TimePoint(Milliseconds(knows ? static_cast<std::int64_t>(number_in(lines[4])) : 0)),
       .from = from},
      patience);
  if (!taken && taken.error().code == ExitCode::setup) {
    return taken.error();
  }
  Result<IntakeOutcome> outcome = taken ? Result<IntakeOutcome>(taken->intake) : taken.error();
  if (outcome && !progress.empty()) {
    // Whatever a person did to the file is older than what runs from now on.
    auto seen = apply_journal(store_paths(plan.common), plan, system_clock());
    if (seen) {
      outcome->caught_up = seen->file == ApplySummary::File::changed;
      outcome->caught_up_lines = seen->fold.lines.size();
      outcome->seen = std::move(seen->document);
    } else {
      outcome = seen.error();
    }
  }
  const std::string since =
      same_results ? lines[4] : fmt::format("{}", system_clock().now().time_since_epoch().count());
  const std::string text = note_text(
      current, results, file_signature(plan.common.progress), since,
      fmt::format("{} {}", same_results || !taken ? from : taken->from, journal.string()), list_mark(failed));
  if (!noted || text != *noted) {
    TRY(write_file_quickly(note, text));
  }
  return outcome;
}

} // namespace ctest_matrix
