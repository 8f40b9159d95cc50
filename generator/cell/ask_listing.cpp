#include "cell/ask_listing.hpp"

#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/input_text.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"
#include "cell/command.hpp"
#include "plan/environment.hpp"
#include "plan/worktree.hpp"
#include "process/leftovers.hpp"
#include "process/process.hpp"
#include "runners/runner_flags.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

/// A listing in its file, with what it depended on.
struct RememberedListing {
  std::string key;
  Listing tests;
};

template <typename Archive>
void fields(Archive& archive, RememberedListing& listing) {
  archive("key", listing.key);
  archive("tests", listing.tests);
}

template <typename Archive>
void elements(Archive& archive, ListedTest& test) {
  archive(test.file, test.name, test.line);
}

namespace {

constexpr std::size_t k_most_output = std::size_t{64} << 20; // bytes
constexpr std::size_t k_shown_lines = 12;                    // of the output, where listing fails
constexpr std::size_t k_shown_line = 300;                    // bytes of each

/// The placeholders of a listing's command but {list}.
Values values_of_listing(const CommonPlan& common, const BoundCell& cell) {
  const auto of_axes = axis_values(common, cell);
  Values values(of_axes.begin(), of_axes.end());
  for (const std::string_view name : k_root_placeholders) {
    values.emplace(name, *root_value(common.places.root, name));
  }
  values["filter"] = cell.filter;
  values["tmp"] = listings_directory(common).string();
  return values;
}

/// The command with `target` for {list}; what has no value stays a {placeholder}.
std::vector<std::string> command_of(const CommonPlan& common, const BoundCell& cell, const Values& values,
                                    const std::string& target) {
  std::vector<std::string> words;
  for (const TextTemplate& argument : cell.list_command) {
    words.push_back(*argument.render([&](std::string_view name) {
      const auto known = name == "list" ? std::optional(target) : lookup_in(values)(name);
      return known ? *known : fmt::format("{{{}}}", name);
    }));
  }
  for (std::string flag : missing_flags(common.listing->format, words)) {
    words.push_back(replace_all(std::move(flag), "{tmp}", lookup_in(values)("tmp").value_or("")));
  }
  return words;
}

/// The command as it is the same for every run.
std::vector<std::string> command_of(const CommonPlan& common, const BoundCell& cell) {
  return command_of(common, cell, values_of_listing(common, cell), "{list}");
}

bool writes_target(const BoundCell& cell) {
  return std::ranges::any_of(cell.list_command, [](const TextTemplate& argument) {
    return std::ranges::any_of(argument.placeholders(),
                               [](const auto& placeholder) { return placeholder.first == "list"; });
  });
}

/// Variables whose value needs a service, which a listing does without, are left out.
std::vector<std::string> environment_of(const CommonPlan& common, const BoundCell& cell, const Values& values,
                                        const std::vector<std::string>& command) {
  Environment known;
  for (const Environment* part : {&common.environment, &cell.variant->environment, &cell.row->environment}) {
    for (const auto& [name, value] : *part) {
      if (value.render(lookup_in(values))) {
        known.emplace_back(name, value);
      }
    }
  }
  std::vector<std::string> left_out; // the cell says it
  return *runner_environment(known, lookup_in(values), command, left_out);
}

/// Changes whenever something does that the listing depends on.
std::string content_key(const CommonPlan& common, const BoundCell& cell,
                        const std::vector<std::string>& argv) {
  std::string all = join(argv, std::string(1, '\0'));
  const bool own = !common.listing->inputs.empty();
  const fs::path base = own ? common.places.root : common.directory;
  const auto inputs =
      own ? common.listing->inputs
          : usual_inputs(common.listing->format, cell.file.lexically_relative(common.directory));
  for (const std::string& path : glob(base, inputs)) {
    const auto text = read_file(base / path);
    all += fmt::format("\n{} {}", path, text ? fingerprint(*text) : "unreadable");
  }
  if (lists_itself(common.listing->format)) {
    const auto program = read_file(runner_directory(common, cell) / argv.front());
    all += "\n" + (program ? fingerprint(*program) : "unreadable");
  }
  return fingerprint(all);
}

/// Indented facts: the command and the last lines of its output.
std::string facts(const fs::path& directory, const std::vector<std::string>& argv, std::string_view output) {
  std::string text = "\n  command: " + line_to_paste(directory, argv);
  for (const std::string& line : last_lines(output, k_shown_lines)) {
    text += "\n  " + ellipsis(line, k_shown_line);
  }
  return text;
}

/// How the command ended that did not exit with 0.
std::string ending_words(const Outcome& outcome, Milliseconds timeout) {
  switch (outcome.end) {
  case Outcome::End::exited:
    return fmt::format("its command exited {}", outcome.exit_code);
  case Outcome::End::deadline:
    return fmt::format("its command did not end within {}", format_duration(timeout));
  case Outcome::End::signalled:
  case Outcome::End::not_started:
  case Outcome::End::interrupted:
    break;
  }
  return outcome.error.empty() ? "its command was stopped" : outcome.error;
}

/// Where the command has the test file as a word of its own; nothing where it has not, or twice.
std::optional<std::size_t> word_of_file(const CommonPlan& common, const BoundCell& cell,
                                        const std::vector<std::string>& words) {
  const std::string path = cell.file.empty() ? "" : test_path(common, cell);
  return !path.empty() && std::ranges::count(words, path) == 1
             ? std::optional(static_cast<std::size_t>(std::ranges::find(words, path) - words.begin()))
             : std::nullopt;
}

/// Runs the listing's command, for the files of `others`, too, which come behind the cell's own. Errors as of
/// `ask_listing`.
Result<Listing> run_listing(const CommonPlan& common, const BoundCell& cell,
                            std::span<const BoundCell* const> others = {}) {
  const fs::path target =
      listings_directory(common) / fmt::format("{}.{}.out", getpid(), fingerprint(cell.name));
  std::error_code ignored;
  fs::create_directories(target.parent_path(), ignored);
  const Values values = values_of_listing(common, cell);
  std::string output;
  ProcessSpec spec;
  spec.argv = command_of(common, cell, values, target.string());
  if (const auto own = word_of_file(common, cell, spec.argv)) {
    std::vector<std::string> paths;
    std::ranges::transform(others, std::back_inserter(paths),
                           [&](const BoundCell* other) { return test_path(common, *other); });
    spec.argv.insert(spec.argv.begin() + static_cast<std::ptrdiff_t>(*own) + 1, paths.begin(), paths.end());
  }
  spec.directory = runner_directory(common, cell);
  spec.environment = environment_of(common, cell, values, spec.argv);
  spec.marker = helper_marker("listing");
  spec.deadline = common.listing->timeout * static_cast<int>(1 + others.size());
  spec.grace = common.grace;
  spec.on_output = [&](std::string_view chunk) {
    output.append(chunk.substr(0, k_most_output - std::min(k_most_output, output.size())));
  };
  const Outcome outcome = supervise(spec);
  const auto text = writes_target(cell) ? read_regular_file(target, k_max_result_bytes) : Result(output);
  fs::remove(target, ignored);
  if (outcome.end != Outcome::End::exited || outcome.exit_code != 0) {
    const bool interrupted = outcome.end == Outcome::End::interrupted;
    return Error{interrupted ? ExitCode::interrupted : ExitCode::setup,
                 fmt::format("the suite could not be listed: {}{}",
                             ending_words(outcome, common.listing->timeout),
                             facts(spec.directory, command_of(common, cell), output))};
  }
  if (!text) {
    return Error{ExitCode::setup, fmt::format("the suite could not be listed: {}{}", text.error().message,
                                              facts(spec.directory, spec.argv, output))};
  }
  auto listing = parse_listing(common.listing->format, *text);
  return listing ? listing
                 : Error{ExitCode::setup, listing.error().message + facts(spec.directory, spec.argv, output)};
}

fs::path memory_of(const CommonPlan& common, const BoundCell& cell) {
  return listings_directory(common) / (listing_id(common, cell) + ".json");
}

/// Nothing where none is remembered.
std::optional<RememberedListing> remembered(const fs::path& memory) {
  const auto text = read_file(memory);
  auto listing = text ? from_json<RememberedListing>(*text) : Result<RememberedListing>(text.error());
  return listing ? std::optional(*std::move(listing)) : std::nullopt;
}

bool has_lost(const Listing& before, const Listing& now) {
  const auto names = [](const Listing& listing) {
    std::multiset<std::pair<std::string, std::string>> all;
    for (const ListedTest& test : listing) {
      all.emplace(test.file, test.name);
    }
    return all;
  };
  return !std::ranges::includes(names(now), names(before));
}

/// The tests of a listing by the file that they lie in. All cells of it have the directory of this one.
std::map<fs::path, Listing> by_file(const CommonPlan& common, const BoundCell& cell, Listing listing) {
  std::map<fs::path, Listing> files;
  std::map<std::string, fs::path> paths;
  for (ListedTest& test : listing) {
    const auto [path, is_new] = paths.try_emplace(test.file);
    if (std::error_code ignored; is_new) {
      path->second = fs::weakly_canonical(runner_directory(common, cell) / test.file, ignored);
    }
    files[path->second].push_back(std::move(test));
  }
  return files;
}

Result<void> remember(const CommonPlan& common, const BoundCell& cell, const RememberedListing& listing) {
  return write_file_atomic(memory_of(common, cell), to_json(listing) + "\n");
}

/// Asks for the listings of these cells at once, and remembers each. Where that fails, one file may be to
/// blame: the halves are tried, as long as `trials` lasts.
void ask_at_once(const CommonPlan& common, std::span<const BoundCell* const> cells, int& trials,
                 const OnListing& on_listing) {
  if (cells.size() < 2 || trials == 0) {
    return; // each is asked for itself
  }
  on_listing(cells.size());
  std::vector<std::string> keys; // as it is before, so that an edit in the meantime is noticed
  for (const BoundCell* cell : cells) {
    keys.push_back(content_key(common, *cell, command_of(common, *cell)));
  }
  auto listing = run_listing(common, *cells.front(), cells.subspan(1));
  if (!listing) {
    trials = listing.error().code == ExitCode::interrupted ? 0 : trials - 1;
    ask_at_once(common, cells.first(cells.size() / 2), trials, on_listing);
    ask_at_once(common, cells.subspan(cells.size() / 2), trials, on_listing);
    return;
  }
  auto files = by_file(common, *cells.front(), *std::move(listing));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::error_code ignored;
    const auto own = files.find(fs::weakly_canonical(cells[i]->file, ignored));
    if (own != files.end()) { // whether a file without tests is one, its own listing tells
      static_cast<void>(remember(common, *cells[i], {.key = keys[i], .tests = std::move(own->second)}));
    }
  }
}

/// What the listings of cells share that can be asked at once; empty: it is asked for itself.
std::string shared_part(const CommonPlan& common, const BoundCell& cell) {
  std::vector<std::string> words = command_of(common, cell);
  const auto own = word_of_file(common, cell, words);
  if (!own || !names_files(common.listing->format)) {
    return "";
  }
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(*own));
  std::string all = join(words, std::string(1, '\0')) + '\n' + cell.directory.string();
  for (const Environment* part : {&cell.variant->environment, &cell.row->environment}) {
    for (const auto& [name, value] : *part) {
      all += '\n' + name + '=' + value.source();
    }
  }
  return all;
}

} // namespace

void ask_listings(const CommonPlan& common, std::span<const BoundCell* const> cells,
                  const OnListing& on_listing) {
  constexpr std::size_t k_most_files = 200; // of one command: its length has a limit
  std::map<std::string, std::vector<const BoundCell*>> together;
  std::set<std::string> seen;
  for (const BoundCell* cell : cells) {
    const std::string shared = shared_part(common, *cell);
    if (shared.empty() || !seen.insert(listing_id(common, *cell)).second) {
      continue;
    }
    const auto known = remembered(memory_of(common, *cell));
    if (!known || known->key != content_key(common, *cell, command_of(common, *cell))) {
      together[shared].push_back(cell);
    }
  }
  int trials = 6;
  for (const auto& [shared, group] : together) {
    for (std::size_t begin = 0; begin < group.size(); begin += k_most_files) {
      const std::span<const BoundCell* const> part(group);
      ask_at_once(common, part.subspan(begin, std::min(k_most_files, group.size() - begin)), trials,
                  on_listing);
    }
  }
}

Result<Listing> ask_listing(const CommonPlan& common, const BoundCell& cell, ListingUse use,
                            const OnListing& on_listing) {
  const fs::path memory = memory_of(common, cell);
  TRY_ASSIGN(const FileLock lock,
             FileLock::acquire(fs::path(memory).replace_extension(".lock"), common.listing->timeout * 2));
  const std::string key = content_key(common, cell, command_of(common, cell));
  auto known = remembered(memory);
  const bool same = known && known->key == key;
  if (use == ListingUse::remembered && same) {
    return std::move(known->tests);
  }
  if (on_listing) {
    on_listing(1);
  }
  TRY_ASSIGN(Listing listing, run_listing(common, cell));
  if (same && has_lost(known->tests, listing)) {
    return listing; // a finding, not the truth: the one before stays remembered
  }
  RememberedListing fresh{.key = key, .tests = std::move(listing)};
  TRY(remember(common, cell, fresh));
  return std::move(fresh.tests);
}

fs::path listings_directory(const CommonPlan& common) {
  return common.places.state / "listings";
}

std::string listing_id(const CommonPlan& common, const BoundCell& cell) {
  std::string all = join(command_of(common, cell), std::string(1, '\0'));
  if (!cell.directory.empty()) {
    all += '\n' + cell.directory.string();
  }
  for (const auto& [name, value] : cell.variant->environment) {
    all += '\n' + name + '=' + value.source();
  }
  return fingerprint(all);
}

std::optional<Listing> last_listing(const CommonPlan& common, const BoundCell& cell) {
  auto known = remembered(memory_of(common, cell));
  return known ? std::optional(std::move(known->tests)) : std::nullopt;
}

} // namespace ctest_matrix
