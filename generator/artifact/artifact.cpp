#include "artifact/artifact.hpp"

#include "artifact/build_files.hpp"
#include "artifact/inputs_state.hpp"
#include "base/content.hpp"
#include "base/cut.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"
#include "ctest/packages.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/build_reads.hpp"
#include "plan/environment.hpp"
#include "plan/project.hpp"
#include "process/process.hpp"
#include "process/turn.hpp"
#include "progress/journal.hpp"
#include "progress/setup_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

const Artifact* find_artifact(const CommonPlan& common, std::string_view name) {
  const auto found = std::find_if(common.artifacts.begin(), common.artifacts.end(),
                                  [&](const Artifact& artifact) { return artifact.name == name; });
  return found == common.artifacts.end() ? nullptr : &*found;
}

/// Ninja does not know the outputs (they are globs), and of the inputs only whether they are newer: whoever
/// deleted, replaced or edited one since the build makes us build again. Empty when nobody did.
std::string changed_since_build(const CommonPlan& common, const Artifact& artifact) {
  const auto inputs = read_file(built_from(common, artifact));
  const auto outputs = read_file(built_outputs(common, artifact));
  if (!inputs || !outputs) {
    return fmt::format("the artifact {} is not up to date: it was not built from this build directory yet",
                       artifact.name);
  }
  const InputsState now = inputs_state(common, artifact, *inputs);
  if (!now.problem.empty()) {
    return fmt::format("the artifact {} is not up to date: {}", artifact.name, now.problem);
  }
  if (const InputsChange change = first_change(*inputs, now.text); !change.file.empty()) {
    return fmt::format("the artifact {} is older than its inputs: {} was {}{}", artifact.name, change.file,
                       change.what, how_known(artifact, change.file));
  }
  if (const InputsChange change =
          first_change(*outputs, content_state(common.places.root, artifact.outputs, *outputs));
      !change.file.empty()) {
    return fmt::format(
        "the artifact {} is not up to date: its outputs are not the ones that were built: {} was {}",
        artifact.name, change.file, change.what);
  }
  return "";
}

/// The newest of these files.
std::optional<std::pair<std::string, fs::file_time_type>> newest(const fs::path& root,
                                                                 const std::vector<std::string>& files) {
  std::optional<std::pair<std::string, fs::file_time_type>> found;
  for (const std::string& file : files) {
    std::error_code error;
    const auto time = fs::last_write_time(root / file, error);
    if (!error && (!found || time > found->second)) {
      found.emplace(file, time);
    }
  }
  return found;
}

/// For an artifact that was never built from this build directory: what the times of its files tell.
std::string older_than_inputs(const CommonPlan& common, const Artifact& artifact) {
  const fs::path& root = common.places.root;
  const auto output = newest(root, glob(root, artifact.outputs));
  if (!output) {
    return fmt::format("the artifact {} is not built: no file below {} matches {}", artifact.name,
                       common.places.root.string(), join(artifact.outputs, ", "));
  }
  const BuildReads reads = build_reads(root, artifact);
  if (!reads.problem.empty()) {
    return fmt::format("the artifact {} is not up to date: {}", artifact.name, reads.problem);
  }
  for (const auto& files : {glob(root, inputs_of(artifact)), reads.files}) {
    if (const auto input = newest(root, files); input && input->second > output->second) {
      return fmt::format("the artifact {} is older than its inputs: {} was changed after {}{}", artifact.name,
                         input->first, output->first, how_known(artifact, escape_line(input->first)));
    }
  }
  return "";
}

std::string missing_output(const CommonPlan& common, const Artifact& artifact) {
  for (const std::string& pattern : artifact.outputs) {
    if (!pattern.starts_with('!') && glob(common.places.root, {pattern}).empty()) {
      return pattern;
    }
  }
  return "";
}

struct NinjaRun {
  Outcome outcome;
  std::string output;
};

NinjaRun run_ninja(const CommonPlan& common, const std::vector<std::string>& arguments, Milliseconds deadline,
                   std::FILE* log) {
  NinjaRun run;
  ProcessSpec spec;
  spec.argv = {"ninja", "-f", artifacts_ninja(common).filename().string()};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.directory = common.places.state;
  spec.environment = *environment_with({}, lookup_in({}));
  spec.marker = "CTEST_MATRIX_NINJA=" + new_record_id(system_clock());
  spec.deadline = deadline;
  spec.on_output = [&](std::string_view chunk) {
    if (log != nullptr) {
      std::fwrite(chunk.data(), 1, chunk.size(), log);
    }
    constexpr std::size_t k_kept = 16 << 10;
    run.output += chunk;
    if (run.output.size() > 2 * k_kept) {
      run.output.erase(0, run.output.size() - last_bytes(run.output, k_kept).size());
    }
  };
  run.outcome = supervise(spec);
  return run;
}

std::string end_phrase(const Outcome& outcome) {
  switch (outcome.end) {
  case Outcome::End::exited:
    return fmt::format("exit status {}", outcome.exit_code);
  case Outcome::End::signalled:
    return fmt::format("signal {}", outcome.signal);
  case Outcome::End::not_started:
    return outcome.error + "\n" + packages_with("ninja");
  case Outcome::End::deadline:
    return fmt::format("stopped after {}", format_duration(outcome.duration));
  case Outcome::End::interrupted:
    return "interrupted";
  }
  return "";
}

Error build_failure(const CommonPlan& common, const Artifact& artifact, const NinjaRun& run,
                    const fs::path& log) {
  std::string tail;
  for (const std::string& line : last_lines(run.output, 40)) {
    tail += "    " + line + "\n";
  }
  std::vector<std::string> command;
  for (const TextTemplate& argument : artifact.command) {
    command.push_back(argument.source());
  }
  return {ExitCode::setup,
          fmt::format(
              "the artifact {} could not be built\n  command: {}\n  directory: {}\n  ended: {}\n  log: {}\n"
              "  end of its output:\n{}",
              artifact.name, shell_line(command),
              (common.places.root / artifact.directory).lexically_normal().string(), end_phrase(run.outcome),
              log.string(), tail)};
}

struct BuildLog {
  std::FILE* file; ///< null where it cannot be written
  fs::path path;
};

/// A build that is about to begin.
struct BuildStart {
  std::string inputs; ///< as they are: what changes during the build was not built from
  timespec time{};
  fs::path log;
  std::string outputs{}; ///< as they were noted, where nothing was built since
};

/// Notes what an artifact was built from and what came of it. The content goes first: what comes after the
/// artifact must not pass for new because somebody was killed here. Error (setup): what the build read
/// cannot be told.
Result<void> note_build(const CommonPlan& common, const Artifact& artifact, const BuildStart& start) {
  const InputsState now = inputs_state(common, artifact, start.inputs);
  if (!now.problem.empty()) {
    return Error{ExitCode::setup, fmt::format("the artifact {} was built without an error, but {}; log: {}",
                                              artifact.name, now.problem, start.log.string())};
  }
  const std::string inputs = inputs_of_build(common, artifact, start.inputs, now.text, start.time);
  ContentReader reader(common.places.root, common.places.state / "contents");
  const std::pair<fs::path, std::string> notes[] = {
      {artifact_content(artifacts_directory(common), artifact.name), reader.of_files(artifact.outputs)},
      {built_from(common, artifact), inputs},
      {built_outputs(common, artifact), content_state(common.places.root, artifact.outputs, start.outputs)}};
  for (const auto& [path, text] : notes) {
    TRY(write_file_if_changed(path, text));
  }
  std::error_code ignored; // as of now
  fs::last_write_time(built_outputs(common, artifact), fs::file_time_type::clock::now(), ignored);
  return {};
}

/// The state of the inputs before a build. Commands that go by times do not see an edit that is no newer than
/// the outputs (an unpacked archive, a restored backup): what was changed so since the last build gets the
/// time of now.
Result<std::string> inputs_to_build(const CommonPlan& common, const Artifact& artifact) {
  const fs::path& root = common.places.root;
  const auto noted = read_file(built_from(common, artifact));
  const std::string before = noted ? *noted : "";
  std::string inputs = inputs_state(common, artifact, before).text;
  const auto output = newest(root, glob(root, artifact.outputs));
  if (!noted || !output) {
    return inputs;
  }
  const auto built = files_in(before);
  const std::string state = inputs;
  for (const auto& [name, content] : files_in(state)) {
    const auto known = built.find(name);
    const std::string file = unescape_line(name);
    std::error_code error;
    const bool is_foreign = file.starts_with('/') || is_kept_by_a_tool(root, file);
    if (is_foreign || (known != built.end() && known->second.fingerprint == content.fingerprint) ||
        fs::last_write_time(root / file, error) > output->second) {
      continue;
    }
    fs::last_write_time(root / file, fs::file_time_type::clock::now(), error);
    if (error) {
      return Error{ExitCode::setup,
                   fmt::format("the artifact {} cannot be built: {} has changed and is older "
                               "than {}, and to make it newer failed: {}",
                               artifact.name, file, output->first, error.message())};
    }
    inputs = inputs_state(common, artifact, state).text;
  }
  return inputs;
}

/// What is noted of the outputs, where their times can be trusted: what is written into a page of a file that
/// is not on the disk yet leaves them as they are.
std::string settled_outputs(const CommonPlan& common, const Artifact& artifact) {
  constexpr std::chrono::seconds k_write_back{60};
  const fs::path note = built_outputs(common, artifact);
  const auto text = read_file(note);
  std::error_code error;
  const auto noted = fs::last_write_time(note, error);
  const auto output = newest(common.places.root, glob(common.places.root, artifact.outputs));
  return text && !error && output && output->second + k_write_back < noted ? *text : "";
}

/// Builds an artifact until `deadline` (of the monotonic clock); those that it comes after are up to date.
Result<ArtifactWork> build_one(const CommonPlan& common, const Artifact& artifact, Milliseconds deadline,
                               const BuildLog& log) {
  if (glob(common.places.root, inputs_of(artifact)).empty()) {
    return Error{ExitCode::setup,
                 fmt::format("the artifact {} has no inputs: no file below {} matches {}", artifact.name,
                             common.places.root.string(), join(artifact.inputs, ", "))};
  }
  const fs::path stamp = artifact_stamp(artifacts_directory(common), artifact.name);
  std::error_code ignored;
  if (!changed_since_build(common, artifact).empty()) {
    fs::remove(stamp, ignored);
  }
  const timespec began = file_clock(common);
  TRY_ASSIGN(const std::string inputs, inputs_to_build(common, artifact));
  TRY(write_artifacts_ninja(common));
  const std::string before = file_signature(stamp);
  const Milliseconds left = deadline - system_clock().monotonic();
  const NinjaRun run = run_ninja(common, {artifact.name}, std::max(left, Milliseconds(1)), log.file);
  if (run.outcome.end != Outcome::End::exited || run.outcome.exit_code != 0) {
    return build_failure(common, artifact, run, log.path);
  }
  if (const std::string missing = missing_output(common, artifact); !missing.empty()) {
    fs::remove(stamp, ignored);
    return Error{ExitCode::setup,
                 fmt::format("the artifact {} was built without an error, but no file below {} matches "
                             "its output {}; log: {}",
                             artifact.name, common.places.root.string(), missing, log.path.string())};
  }
  const bool is_new = file_signature(stamp) != before;
  BuildStart start{inputs, began, log.path};
  if (!is_new) {
    start.outputs = settled_outputs(common, artifact);
  }
  if (auto noted = note_build(common, artifact, start); !noted) {
    fs::remove(stamp, ignored);
    return noted.error();
  }
  return is_new ? ArtifactWork::built : ArtifactWork::none;
}

} // namespace

Result<void> take_over_artifact(const CommonPlan& common, const std::string& name) {
  const Artifact* const artifact = find_artifact(common, name);
  if (artifact == nullptr) {
    return Error{ExitCode::input, stale_reason(common, {name})};
  }
  constexpr Milliseconds k_patience{60'000};
  TRY_ASSIGN(const fs::path lock, checkout_lock(common.places.root, "artifacts"));
  TRY_ASSIGN(const Turn turn, Turn::take(lock, k_patience));
  if (const std::string missing = missing_output(common, *artifact); !missing.empty()) {
    return Error{ExitCode::setup,
                 fmt::format("the artifact {} cannot be taken over: no file below {} matches its output {}",
                             name, common.places.root.string(), missing)};
  }
  TRY(write_artifacts_ninja(common));
  TRY(note_build(common, *artifact, {inputs_state(common, *artifact, "").text, file_clock(common), ""}));
  TRY(write_artifacts_ninja(common));
  // Ninja is to note the build as done: of a script that does nothing.
  const fs::path directory = artifacts_directory(common);
  std::error_code ignored;
  fs::remove(artifact_stamp(directory, name), ignored);
  TRY(write_file_quickly(artifact_script(directory, name), ":\n"));
  const NinjaRun run = run_ninja(common, {name}, system_clock().monotonic() + k_patience, nullptr);
  TRY(write_artifacts_ninja(common));
  if (run.outcome.end != Outcome::End::exited || run.outcome.exit_code != 0) {
    return Error{ExitCode::setup, fmt::format("the artifact {} cannot be taken over: ninja ended with {}\n{}",
                                              name, end_phrase(run.outcome), run.output)};
  }
  return {};
}

Result<void> build_artifacts_of(const CommonPlan& common, const Cell& cell) {
  for (const std::string& name : cell.variant->artifacts) {
    TRY(build_artifact(common, name));
  }
  return {};
}

namespace {

/// Whether Ninja has nothing to do for these artifacts.
bool is_idle(const CommonPlan& common, std::vector<std::string> names) {
  names.insert(names.begin(), "-n");
  const NinjaRun run = run_ninja(common, names, Milliseconds(60'000), nullptr);
  return run.outcome.end == Outcome::End::exited && run.outcome.exit_code == 0 &&
         trim(run.output) == "ninja: no work to do."; // a dry run says nothing else
}

} // namespace

std::string stale_reason(const CommonPlan& common, const std::vector<std::string>& names) {
  if (names.empty()) {
    return "";
  }
  for (const std::string& name : names) {
    if (find_artifact(common, name) == nullptr) {
      return fmt::format("the matrix has no artifact '{}'", name);
    }
  }
  for (const Artifact* each : artifact_chain(common.artifacts, names)) {
    if (std::string changed = changed_since_build(common, *each); !changed.empty()) {
      return changed;
    }
  }
  if (auto written = write_artifacts_ninja(common); !written) {
    return written.error().message;
  }
  if (is_idle(common, names)) {
    return "";
  }
  const auto one = std::ranges::find_if(names, [&](const auto& name) { return !is_idle(common, {name}); });
  return fmt::format(
      "the artifact {} is not up to date: its command, or an artifact that it comes after, has changed",
      one == names.end() ? names.front() : *one);
}

std::vector<std::string> stale_artifacts(const CommonPlan& common) {
  std::vector<std::string> reasons;
  for (const Artifact& artifact : common.artifacts) {
    std::error_code ignored;
    const bool known = fs::exists(built_from(common, artifact), ignored);
    std::string reason = known ? stale_reason(common, {artifact.name}) : older_than_inputs(common, artifact);
    if (!reason.empty() && std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) {
      reasons.push_back(std::move(reason));
    }
  }
  return reasons;
}

std::vector<std::string> uncovered_inputs(const CommonPlan& common) {
  constexpr std::size_t k_named = 5;
  std::vector<std::string> sentences;
  for (const Artifact& artifact : common.artifacts) {
    std::vector<std::string> files =
        artifact.depfiles.empty() ? std::vector<std::string>() : uncovered_reads(common, artifact);
    if (files.empty()) {
      continue;
    }
    const std::size_t count = files.size();
    if (count > k_named) {
      files.resize(k_named);
      files.emplace_back("...");
    }
    for (std::string& file : files) {
      file = printable(file);
    }
    sentences.push_back(
        fmt::format("the last build of the artifact {} read {} that no input names, so that a fresh "
                    "checkout does not know of {}: {}",
                    artifact.name, plural(count, "file"), count == 1 ? "it" : "them", join(files, ", ")));
  }
  return sentences;
}

std::string artifact_standing(const CommonPlan& common, const std::string& name) {
  const Artifact* artifact = find_artifact(common, name);
  if (artifact == nullptr) {
    return "";
  }
  std::error_code ignored;
  const bool was_built = fs::exists(built_from(common, *artifact), ignored);
  std::string reason = was_built ? stale_reason(common, {name}) : older_than_inputs(common, *artifact);
  if (!reason.empty()) {
    const std::size_t colon = reason.find(": ");
    return "stale: " + (colon == std::string::npos ? reason : reason.substr(colon + 2));
  }
  if (artifact->depfiles.empty()) {
    return "";
  }
  const auto inputs = inputs_of(*artifact);
  const auto reads = build_reads(common.places.root, *artifact).files;
  const auto beside =
      std::ranges::count_if(reads, [&](const std::string& file) { return !covers(inputs, file); });
  return fmt::format("its last build read {}, {} beside its inputs", plural(reads.size(), "file"), beside);
}

Result<ArtifactWork> build_artifact(const CommonPlan& common, const std::string& name) {
  const Artifact* artifact = find_artifact(common, name);
  if (artifact == nullptr) {
    return Error{ExitCode::input, stale_reason(common, {name})};
  }
  // CTest's own time-out is later, so that it is said here what took so long.
  const Milliseconds patience(artifact->timeout * 1000LL);
  const Milliseconds deadline = system_clock().monotonic() + patience;
  TRY_ASSIGN(const fs::path lock, checkout_lock(common.places.root, "artifacts"));
  TRY_ASSIGN(const Turn turn, Turn::take(lock, patience));
  const fs::path log = common.places.state / "logs" / fmt::format("artifact.{}.log", name);
  std::error_code ignored;
  fs::create_directories(log.parent_path(), ignored);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(log.c_str(), "we"), [](std::FILE* open) { return open == nullptr ? 0 : std::fclose(open); });
  ArtifactWork work = ArtifactWork::none;
  for (const Artifact* each : artifact_chain(common.artifacts, {name})) {
    const SetupTimer timer;
    const auto done = build_one(common, *each, deadline, {file.get(), log});
    if (!done || *done == ArtifactWork::built) {
      timer.note(common, "artifact", each->name, done ? "" : done.error().message);
    }
    if (!done) {
      return done.error();
    }
    work = *done == ArtifactWork::built ? *done : work;
  }
  return work;
}

} // namespace ctest_matrix
