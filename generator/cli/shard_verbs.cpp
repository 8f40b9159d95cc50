// The verb of those who run on several machines: shard.
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/verbs.hpp"
#include "plan/names.hpp"
#include "progress/intake.hpp"
#include "shard/bring_back.hpp"
#include "shard/passing_on.hpp"
#include "shard/shares.hpp"
#include "shard/slurm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

struct ShardOptions {
  int count = 0;
  int index = 0;
  std::string by;
  fs::path durations;
  fs::path write_durations;
  bool json = false;
  fs::path pack;
  fs::path unpack;
  bool key = false;
  fs::path collect;
  std::vector<fs::path> merge;
  fs::path slurm;
};

const char* variable(const char* name) {
  return std::getenv(name);
}

/// The share that options or the environment ask for; index 0: all of them.
Result<SharePosition> wanted_share(const ShardOptions& own) {
  if (own.index > 0 && own.count == 0) {
    return Error{ExitCode::usage, "--index: expected --count beside it"};
  }
  if (own.index > own.count) {
    return Error{ExitCode::usage,
                 fmt::format("--index: expected a share from 1 to {}, got {}", own.count, own.index)};
  }
  if (own.count > 0) {
    const auto count = static_cast<std::size_t>(own.count);
    TRY(parse_share(fmt::format("{}/{}", std::max(own.index, 1), count), "--count"));
    return SharePosition{static_cast<std::size_t>(own.index), count};
  }
  TRY_ASSIGN(auto share, asked_share(variable));
  if (!share) {
    TRY_ASSIGN(share, share_of_machine(variable));
  }
  if (!share) {
    return Error{ExitCode::usage,
                 "expected --count N, or a machine that says which of how many it is: "
                 "CTEST_MATRIX_SHARD=2/5, a job of GitLab with `parallel:`, an array of Slurm"};
  }
  return *share;
}

Result<ExitCode> write_durations(const Plan& plan, const fs::path& file) {
  std::error_code ignored;
  std::string existing;
  if (fs::exists(file, ignored)) {
    TRY_ASSIGN(existing, read_file(file));
  }
  const KnownLengths known = lengths_here(plan);
  if (known.cells.empty()) {
    return Error{ExitCode::setup,
                 fmt::format("no cell of the matrix {} (profile {}) has a duration here; {} is left as it is",
                             plan.common.name, plan.common.profile, file.string())};
  }
  auto text = lengths_text(plan, known, existing);
  if (!text) {
    return Error{ExitCode::input, fmt::format("{}: {}", file.string(), text.error().message)};
  }
  TRY(write_file_if_changed(file, *text));
  fmt::print("wrote {}: {} of {} cells\n", file.string(), known.cells.size(), plan.cells.size());
  return ExitCode::ok;
}

/// The names of the share's tests, a line each; what they are made from goes to the other stream.
Result<ExitCode> print_share(Plan& plan, const Shares& shares, const SharePosition& position) {
  const std::string text = shares_text(plan, shares);
  fmt::print(stderr, "{}", text.substr(0, text.find("\n1/") + 1));
  TRY_ASSIGN(const Share share, take_share(plan, shares, position));
  for (const Cell* cell : share.cells) {
    fmt::print("{}\n", cell_test(plan.common.places, cell->name));
  }
  return ExitCode::ok;
}

/// Error (setup): a share has no cell.
Result<void> no_share_is_empty(const Shares& shares) {
  if (std::ranges::any_of(shares.shares, [](const Share& share) { return share.cells.empty(); })) {
    return Error{ExitCode::setup,
                 fmt::format("{} cells are fewer than {} shares: what has no cell cannot pass", shares.cells,
                             shares.shares.size())};
  }
  return {};
}

Result<std::string> merge(const Plan& plan, const std::vector<fs::path>& directories) {
  TRY_ASSIGN(const ResultFiles files, results_below(directories));
  TRY_ASSIGN(const IntakeOutcome outcome, take_in(plan, files));
  return outcome.message;
}

/// What `shard` does besides splitting, as a text for people; nothing where nothing of that is asked for.
Result<std::optional<std::string>> other_work(const Plan& plan, const ShardOptions& own) {
  std::string said;
  if (own.key) {
    said = artifacts_key(plan) + "\n";
  } else if (!own.pack.empty()) {
    TRY_ASSIGN(said, pack_artifacts(plan, own.pack));
  } else if (!own.unpack.empty()) {
    TRY_ASSIGN(said, unpack_artifacts(plan, own.unpack));
  } else if (!own.collect.empty()) {
    TRY_ASSIGN(said, collect_results(plan.common, own.collect));
  } else if (!own.merge.empty()) {
    TRY_ASSIGN(said, merge(plan, own.merge));
  } else {
    return std::optional<std::string>();
  }
  return std::optional(std::move(said));
}

Result<ExitCode> write_slurm(const Plan& plan, std::size_t shares, const fs::path& file) {
  TRY_ASSIGN(const std::string script, slurm_script(plan, shares, own_program()));
  TRY(write_file_if_changed(file, script));
  fmt::print("wrote {}; submit with\n  bash {}\n", file.string(), shell_quote(file.string()));
  return ExitCode::ok;
}

Result<ExitCode> shard(const MatrixOptions& options, const ShardOptions& own) {
  TRY_ASSIGN(Plan plan, plan_of(options));
  if (!own.write_durations.empty()) {
    return write_durations(plan, own.write_durations);
  }
  TRY_ASSIGN(const auto said, other_work(plan, own));
  if (said) {
    fmt::print("{}", *said);
    return ExitCode::ok;
  }
  TRY_ASSIGN(const SharePosition position, wanted_share(own));
  ShareRequest request = share_request(position.count, variable);
  request.by = own.by.empty() ? request.by : own.by;
  request.durations = own.durations.empty() ? request.durations : own.durations;
  ReadLog unused;
  TRY_ASSIGN(const Shares shares, make_shares(plan, request, {}, unused));
  if (!own.slurm.empty()) {
    TRY(no_share_is_empty(shares));
    return write_slurm(plan, position.count, own.slurm);
  }
  if (position.index > 0 && !own.json) {
    return print_share(plan, shares, position);
  }
  fmt::print("{}", own.json ? shares_json(plan, shares) : shares_text(plan, shares));
  TRY(no_share_is_empty(shares));
  return ExitCode::ok;
}

Verb shard_verb(MatrixOptions& options) {
  const auto own = std::make_shared<ShardOptions>();
  Verb verb{.name = "shard",
            .help = "Splits the cells into shares for several machines, the longest as short as can be",
            .example = "shard --count 3",
            .note = "On each machine: CTEST_MATRIX_SHARD=2/5 ctest -L '^shard$' --no-tests=error",
            .action = [&options, own] { return shard(options, *own); }};
  add_matrix_options(verb, options);
  verb.add("--count", &own->count, "how many shares; default: what the environment says").positive = true;
  verb.add("--index", &own->index, "print the tests of this one, from 1").positive = true;
  verb.add("--by", &own->by, "an axis, or column: no share has two of its values").value_name = "AXIS";
  verb.add("--durations", &own->durations,
           "a file of durations, a journal or a progress file; default: durations.json beside the matrix")
      .value_name = "FILE";
  verb.add("--json", &own->json, "as JSON");
  std::vector<std::string> others{"--count", "--index", "--by", "--durations", "--json"}; // and those so far
  const auto other = [&](std::string names, OptionTarget target, std::string what, std::string value) {
    VerbOption& option = verb.add(std::move(names), std::move(target), std::move(what));
    option.value_name = std::move(value);
    option.instead_of = others;
    others.push_back(option.names);
  };
  other("--pack", &own->pack, "build the artifacts, and write them into a file for the other machines",
        "FILE");
  other("--unpack", &own->unpack, "take over what --pack has written, if it was built from the same", "FILE");
  other("--key", &own->key, "print a name for what the artifacts are built from, for a cache", "");
  other("--collect", &own->collect, "copy the journal of this machine into a directory", "DIR");
  other("--merge", &own->merge, "take in all journals and JUnit files below a directory", "DIR");
  verb.add("--slurm", &own->slurm, "write a script that runs the shares on a cluster").value_name = "FILE";
  VerbOption& write =
      verb.add("--write-durations", &own->write_durations, "write what this checkout knows, to be committed");
  write.value_name = "FILE";
  write.instead_of = others;
  return verb;
}

} // namespace

std::vector<Verb> shard_verbs(MatrixOptions& options) {
  return {shard_verb(options)};
}

} // namespace ctest_matrix
