#include "cell/expected_tests.hpp"

#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "plan/environment.hpp"
#include "process/process.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>

namespace ctest_matrix {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::size_t k_most_output = std::size_t{64} << 20; // bytes

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

/// One run of the listing's command.
class ListingRun {
public:
  ListingRun(const SuitePlan& suite, const CellPlan& cell)
      : m_suite(suite), m_cell(cell), m_values(cell.axes.begin(), cell.axes.end()),
        m_target(suite.places.state / "listings" /
                 fmt::format("{}.{}.out", getpid(), fingerprint(cell.name))) {
    m_values["root"] = suite.places.root.string();
    m_values["filter"] = cell.filter;
    m_values["tmp"] = (suite.places.state / "listings").string();
  }

  /// The command, with {list} as it is in the matrix: the same for every run.
  std::vector<std::string> argv(const std::string& target) const {
    std::vector<std::string> words;
    for (const TextTemplate& argument : m_cell.list_command) {
      words.push_back(*argument.render([&](std::string_view name) {
        const auto known = name == "list" ? std::optional(target) : lookup_in(m_values)(name);
        return known ? *known : fmt::format("{{{}}}", name);
      }));
    }
    return words;
  }

  Result<Listing> run() {
    std::error_code ignored;
    fs::create_directories(m_target.parent_path(), ignored);
    ProcessSpec spec;
    spec.argv = argv(m_target.string());
    spec.directory = m_suite.directory;
    spec.environment = environment();
    spec.marker = fmt::format("CTEST_MATRIX_RUN=listing-{}", m_target.filename().string());
    spec.deadline = m_suite.listing->timeout;
    spec.grace = m_suite.grace;
    spec.on_output = [&](std::string_view chunk) {
      m_output.append(chunk.substr(0, k_most_output - std::min(k_most_output, m_output.size())));
    };
    const Outcome outcome = supervise(spec);
    auto text =
        uses_target() ? read_regular_file(m_target, k_max_result_bytes) : Result<std::string>(m_output);
    fs::remove(m_target, ignored);
    if (outcome.end != Outcome::End::exited || outcome.exit_code != 0) {
      return failure(outcome);
    }
    if (!text) {
      return Error{ExitCode::setup, fmt::format("the suite could not be listed: {}{}", text.error().message,
                                                facts(spec.argv))};
    }
    auto listing = parse_listing(m_suite.listing->format, *text);
    return listing ? listing : Error{ExitCode::setup, listing.error().message + facts(spec.argv)};
  }

private:
  bool uses_target() const {
    return std::any_of(m_cell.list_command.begin(), m_cell.list_command.end(),
                       [](const TextTemplate& argument) {
                         const auto names = argument.placeholders();
                         return std::any_of(names.begin(), names.end(),
                                            [](const auto& entry) { return entry.first == "list"; });
                       });
  }

  /// Variables whose value needs a service, which a listing does without, are left out.
  std::vector<std::string> environment() const {
    Environment known;
    for (const Environment* part : {&m_suite.environment, &m_cell.environment}) {
      for (const auto& [name, value] : *part) {
        if (value.render(lookup_in(m_values))) {
          known.emplace_back(name, value);
        }
      }
    }
    return *environment_with(known, lookup_in(m_values));
  }

  std::string facts(const std::vector<std::string>& words) const {
    std::string text =
        fmt::format("\n  command: cd {} && {}", shell_quote(m_suite.directory.string()), shell_line(words));
    for (const std::string& line : last_lines(m_output, 12)) {
      text += "\n  " + ellipsis(line, 300);
    }
    return text;
  }

  Error failure(const Outcome& outcome) const {
    std::string how = outcome.error;
    if (outcome.end == Outcome::End::exited) {
      how = fmt::format("its command exited {}", outcome.exit_code);
    } else if (outcome.end == Outcome::End::deadline) {
      how = fmt::format("its command did not end within {}", format_duration(m_suite.listing->timeout));
    } else if (how.empty()) {
      how = "its command was stopped";
    }
    const bool interrupted = outcome.end == Outcome::End::interrupted;
    return {interrupted ? ExitCode::interrupted : ExitCode::setup,
            fmt::format("the suite could not be listed: {}{}", how, facts(argv("{list}")))};
  }

  const SuitePlan& m_suite;
  const CellPlan& m_cell;
  Values m_values;
  fs::path m_target;
  std::string m_output;
};

fs::path cache_of(const SuitePlan& suite, const CellPlan& cell) {
  return suite.places.state / "listings" / (listing_id(suite, cell) + ".json");
}

/// A remembered listing; nothing where there is none, or none of this content when `key` is not empty.
std::optional<Listing> remembered(const fs::path& cache, const std::string& key) {
  const auto text = read_file(cache);
  if (!text) {
    return std::nullopt;
  }
  try {
    const Json json = Json::parse(*text);
    if (!key.empty() && json.at("key") != key) {
      return std::nullopt;
    }
    Listing listing;
    for (const Json& test : json.at("tests")) {
      listing.push_back(
          {test.at(0).get<std::string>(), test.at(1).get<std::string>(), test.at(2).get<int>()});
    }
    return listing;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string to_text(const std::string& key, const Listing& listing) {
  Json tests = Json::array();
  for (const ListedTest& test : listing) {
    tests.push_back({test.file, test.name, test.line});
  }
  return Json{{"key", key}, {"tests", std::move(tests)}}.dump(-1, ' ', false,
                                                              Json::error_handler_t::replace) +
         "\n";
}

} // namespace

Result<SuiteListing> list_tests(const SuitePlan& suite, const CellPlan& cell, ListingUse use) {
  ListingRun run(suite, cell);
  const std::vector<std::string> argv = run.argv("{list}");
  const fs::path cache = cache_of(suite, cell);
  const auto lock = FileLock::acquire(fs::path(cache).replace_extension(".lock"), suite.listing->timeout * 2);
  if (!lock) {
    return lock.error();
  }
  const std::string key = content_key(suite, cell, argv);
  if (use == ListingUse::remembered) {
    if (auto known = remembered(cache, key)) {
      return SuiteListing{std::move(*known), true};
    }
  }
  auto listing = run.run();
  if (!listing) {
    return listing.error();
  }
  if (auto written = write_file_atomic(cache, to_text(key, *listing)); !written) {
    return written.error();
  }
  return SuiteListing{std::move(*listing), false};
}

std::string listing_id(const SuitePlan& suite, const CellPlan& cell) {
  return fingerprint(join(ListingRun(suite, cell).argv("{list}"), std::string(1, '\0')));
}

std::optional<Listing> last_listing(const SuitePlan& suite, const CellPlan& cell) {
  return remembered(cache_of(suite, cell), "");
}

std::map<std::string, std::string> listed_places(const Plan& plan) {
  std::map<std::string, std::string> places;
  for (const CellPlan& cell : plan.cells) {
    const auto listing = plan.suite.listing ? last_listing(plan.suite, cell) : std::nullopt;
    for (const ListedTest& test : listing ? in_own_file(plan.suite, cell, *listing) : Listing()) {
      if (test.line > 0 && lies_below(test, cell.scope)) {
        places.emplace(cell.name, fmt::format("{}:{}", cell.file.string(), test.line));
      }
    }
  }
  return places;
}

Listing in_own_file(const SuitePlan& suite, const CellPlan& cell, const Listing& listing) {
  Listing own;
  std::error_code ignored;
  const fs::path file = fs::weakly_canonical(cell.file, ignored);
  std::string last;
  bool last_is_own = false;
  for (const ListedTest& test : listing) {
    if (test.file != last) {
      last = test.file;
      last_is_own = fs::weakly_canonical(suite.directory / test.file, ignored) == file;
    }
    if (cell.file.empty() || test.file.empty() || last_is_own) {
      own.push_back(test);
    }
  }
  return own;
}

} // namespace ctest_matrix
