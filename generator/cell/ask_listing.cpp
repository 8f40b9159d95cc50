#include "cell/ask_listing.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/input_text.hpp"
#include "base/json_fields.hpp"
#include "base/text.hpp"
#include "plan/environment.hpp"
#include "process/process.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>

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
Values values_of_listing(const SuitePlan& suite, const CellPlan& cell) {
  Values values(cell.axes.begin(), cell.axes.end());
  values["root"] = suite.places.root.string();
  values["filter"] = cell.filter;
  values["tmp"] = (suite.places.state / "listings").string();
  return values;
}

/// The command with `target` for {list}; what has no value stays a {placeholder}.
std::vector<std::string> command_of(const CellPlan& cell, const Values& values, const std::string& target) {
  std::vector<std::string> words;
  for (const TextTemplate& argument : cell.list_command) {
    words.push_back(*argument.render([&](std::string_view name) {
      const auto known = name == "list" ? std::optional(target) : lookup_in(values)(name);
      return known ? *known : fmt::format("{{{}}}", name);
    }));
  }
  return words;
}

/// The command as it is the same for every run.
std::vector<std::string> command_of(const SuitePlan& suite, const CellPlan& cell) {
  return command_of(cell, values_of_listing(suite, cell), "{list}");
}

bool writes_target(const CellPlan& cell) {
  return std::ranges::any_of(cell.list_command, [](const TextTemplate& argument) {
    return std::ranges::any_of(argument.placeholders(),
                               [](const auto& placeholder) { return placeholder.first == "list"; });
  });
}

/// Variables whose value needs a service, which a listing does without, are left out.
std::vector<std::string> environment_of(const SuitePlan& suite, const CellPlan& cell, const Values& values) {
  Environment known;
  for (const Environment* part : {&suite.environment, &cell.environment}) {
    for (const auto& [name, value] : *part) {
      if (value.render(lookup_in(values))) {
        known.emplace_back(name, value);
      }
    }
  }
  return *environment_with(known, lookup_in(values));
}

/// Changes whenever something does that the listing depends on.
std::string content_key(const SuitePlan& suite, const CellPlan& cell, const std::vector<std::string>& argv) {
  std::string all = join(argv, std::string(1, '\0'));
  const bool own = !suite.listing->inputs.empty();
  const fs::path base = own ? suite.places.root : suite.directory;
  const auto inputs =
      own ? suite.listing->inputs
          : usual_inputs(suite.listing->format, cell.file.lexically_relative(suite.directory));
  for (const std::string& path : glob(base, inputs)) {
    const auto text = read_file(base / path);
    all += fmt::format("\n{} {}", path, text ? fingerprint(*text) : "unreadable");
  }
  if (lists_itself(suite.listing->format)) {
    const auto program = read_file(suite.directory / argv.front());
    all += "\n" + (program ? fingerprint(*program) : "unreadable");
  }
  return fingerprint(all);
}

/// Indented facts: the command and the last lines of its output.
std::string facts(const SuitePlan& suite, const std::vector<std::string>& argv, std::string_view output) {
  std::string text =
      fmt::format("\n  command: cd {} && {}", shell_quote(suite.directory.string()), shell_line(argv));
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

/// Runs the listing's command. Errors as of `ask_listing`.
Result<Listing> run_listing(const SuitePlan& suite, const CellPlan& cell) {
  const fs::path target =
      suite.places.state / "listings" / fmt::format("{}.{}.out", getpid(), fingerprint(cell.name));
  std::error_code ignored;
  fs::create_directories(target.parent_path(), ignored);
  const Values values = values_of_listing(suite, cell);
  std::string output;
  ProcessSpec spec;
  spec.argv = command_of(cell, values, target.string());
  spec.directory = suite.directory;
  spec.environment = environment_of(suite, cell, values);
  spec.marker = fmt::format("CTEST_MATRIX_RUN=listing-{}", target.filename().string());
  spec.deadline = suite.listing->timeout;
  spec.grace = suite.grace;
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
                             ending_words(outcome, suite.listing->timeout),
                             facts(suite, command_of(suite, cell), output))};
  }
  if (!text) {
    return Error{ExitCode::setup, fmt::format("the suite could not be listed: {}{}", text.error().message,
                                              facts(suite, spec.argv, output))};
  }
  auto listing = parse_listing(suite.listing->format, *text);
  return listing ? listing
                 : Error{ExitCode::setup, listing.error().message + facts(suite, spec.argv, output)};
}

fs::path memory_of(const SuitePlan& suite, const CellPlan& cell) {
  return suite.places.state / "listings" / (listing_id(suite, cell) + ".json");
}

/// Nothing where none is remembered.
std::optional<RememberedListing> remembered(const fs::path& memory) {
  const auto text = read_file(memory);
  auto listing = text ? from_json<RememberedListing>(*text) : Result<RememberedListing>(text.error());
  return listing ? std::optional(*std::move(listing)) : std::nullopt;
}

} // namespace

Result<Listing> ask_listing(const SuitePlan& suite, const CellPlan& cell, ListingUse use) {
  const fs::path memory = memory_of(suite, cell);
  TRY_ASSIGN(const FileLock lock,
             FileLock::acquire(fs::path(memory).replace_extension(".lock"), suite.listing->timeout * 2));
  const std::string key = content_key(suite, cell, command_of(suite, cell));
  if (use == ListingUse::remembered) {
    if (auto known = remembered(memory); known && known->key == key) {
      return std::move(known->tests);
    }
  }
  TRY_ASSIGN(Listing listing, run_listing(suite, cell));
  RememberedListing fresh{.key = key, .tests = std::move(listing)};
  TRY(write_file_atomic(memory, to_json(fresh) + "\n"));
  return std::move(fresh.tests);
}

std::string listing_id(const SuitePlan& suite, const CellPlan& cell) {
  return fingerprint(join(command_of(suite, cell), std::string(1, '\0')));
}

std::optional<Listing> last_listing(const SuitePlan& suite, const CellPlan& cell) {
  auto known = remembered(memory_of(suite, cell));
  return known ? std::optional(std::move(known->tests)) : std::nullopt;
}

} // namespace ctest_matrix
