#include "artifact/artifact.hpp"

#include "artifact/build_files.hpp"
#include "artifact/inputs_state.hpp"
#include "artifact/ninja_run.hpp"
#include "artifact/staleness.hpp"
#include "base/content.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"
#include "ctest/packages.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/build_reads.hpp"
#include "process/turn.hpp"
#include "progress/setup_record.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

std::string missing_output(const CommonPlan& common, const Artifact& artifact) {
  for (const std::string& pattern : artifact.outputs) {
    if (!pattern.starts_with('!') && glob(common.places.root, {pattern}).empty()) {
      return pattern;
    }
  }
  return "";
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
      {built_from(common, artifact), inputs}};
  for (const auto& [path, text] : notes) {
    TRY(write_file_if_changed(path, text));
  }
  // Also where it is the same: its time tells when the outputs were looked at.
  return write_file_quickly(built_outputs(common, artifact),
                            content_state(common.places.root, artifact.outputs, start.outputs));
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
  constexpr std::time_t k_write_back = 60; // seconds
  const fs::path note = built_outputs(common, artifact);

  struct stat status {};

  const auto text = read_file(note);
  if (!text || stat(note.c_str(), &status) != 0) {
    return "";
  }
  const timespec settled{.tv_sec = status.st_mtim.tv_sec - k_write_back, .tv_nsec = 0};
  const auto is_young = [&](const std::string& file) {
    return changed_after(common.places.root / file, settled);
  };
  return std::ranges::none_of(glob(common.places.root, artifact.outputs), is_young) ? *text : "";
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
