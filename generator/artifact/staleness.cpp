#include "artifact/staleness.hpp"

#include "artifact/build_files.hpp"
#include "artifact/inputs_state.hpp"
#include "artifact/ninja_run.hpp"
#include "base/content.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/build_reads.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

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

/// Whether Ninja has nothing to do for these artifacts.
bool is_idle(const CommonPlan& common, std::vector<std::string> names) {
  names.insert(names.begin(), "-n");
  const NinjaRun run = run_ninja(common, names, Milliseconds(60'000), nullptr);
  return run.outcome.end == Outcome::End::exited && run.outcome.exit_code == 0 &&
         trim(run.output) == "ninja: no work to do."; // a dry run says nothing else
}

} // namespace

const Artifact* find_artifact(const CommonPlan& common, std::string_view name) {
  const auto found = std::find_if(common.artifacts.begin(), common.artifacts.end(),
                                  [&](const Artifact& artifact) { return artifact.name == name; });
  return found == common.artifacts.end() ? nullptr : &*found;
}

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

} // namespace ctest_matrix
