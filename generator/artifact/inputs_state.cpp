#include "artifact/inputs_state.hpp"

#include "artifact/build_files.hpp"
#include "base/content.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"
#include "plan/build_reads.hpp"
#include "plan/git.hpp"
#include "plan/places.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

void add_line(std::string& text, std::string_view file, const FileContent& content) {
  text.append(file)
      .append(" ")
      .append(content.signature)
      .append(" ")
      .append(content.fingerprint)
      .append("\n");
}

/// Of these paths below the root, those that git ignores. Where git cannot tell, none.
std::set<std::string> ignored_by_git(const fs::path& root, const std::vector<std::string>& files) {
  constexpr std::size_t k_at_once = 200;
  std::set<std::string> ignored;
  for (std::size_t begin = 0; begin < files.size(); begin += k_at_once) {
    std::vector<std::string> question{"check-ignore", "-z", "--"};
    for (std::size_t i = begin; i < std::min(begin + k_at_once, files.size()); ++i) {
      question.push_back("./" + files[i]);
    }
    for (const std::string& file : split(ask_git(root, question).value_or(""), '\0')) {
      ignored.insert(file.starts_with("./") ? file.substr(2) : file);
    }
  }
  return ignored;
}

/// Of these paths below the root, those that are no sources: a build, a tool or a package manager made them.
std::set<std::string> made_files(const CommonPlan& common, const Artifact& artifact,
                                 const std::vector<std::string>& files) {
  const fs::path& root = common.places.root;
  std::set<std::string> made;
  std::vector<std::string> unknown;
  for (const std::string& file : files) {
    if (is_kept_by_a_tool(root, file)) {
      made.insert(file);
    } else {
      unknown.push_back(file);
    }
  }
  if (!find_checkout(root).empty()) {
    made.merge(ignored_by_git(root, unknown));
    return made;
  }
  for (const std::string& depfile : glob(root, artifact.depfiles)) {
    const std::string below = depfile.substr(0, depfile.rfind('/') + 1);
    for (const std::string& file : unknown) {
      if (!below.empty() && file.starts_with(below)) {
        made.insert(file);
      }
    }
  }
  return made;
}

bool is_later(const timespec& a, const timespec& b) {
  return std::pair(a.tv_sec, a.tv_nsec) > std::pair(b.tv_sec, b.tv_nsec);
}

} // namespace

bool changed_after(const fs::path& file, const timespec& moment) {
  struct stat status {};

  return stat(file.c_str(), &status) == 0 &&
         (is_later(status.st_mtim, moment) || is_later(status.st_ctim, moment));
}

InputsState inputs_state(const CommonPlan& common, const Artifact& artifact, std::string_view known) {
  auto reads = build_reads(common.places.root, artifact);
  auto files = glob(common.places.root, inputs_of(artifact));
  files.insert(files.end(), reads.files.begin(), reads.files.end());
  sort_unique(files);
  return {content_of(common.places.root, files, known), std::move(reads.problem)};
}

InputsChange first_change(std::string_view before, std::string_view now) {
  const auto old_files = files_in(before);
  const auto new_files = files_in(now);
  for (const auto& [file, content] : new_files) {
    const auto known = old_files.find(file);
    if (known == old_files.end() || known->second.fingerprint != content.fingerprint) {
      return {std::string(file), known == old_files.end() ? "added" : "changed"};
    }
  }
  for (const auto& [file, content] : old_files) {
    if (!new_files.contains(file)) {
      return {std::string(file), "removed"};
    }
  }
  return {};
}

timespec file_clock(const CommonPlan& common) {
  const fs::path mark = artifacts_directory(common) / "begun";

  struct stat status {};

  if (write_file_quickly(mark, "") && stat(mark.c_str(), &status) == 0) {
    return status.st_ctim;
  }
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now;
}

std::string inputs_of_build(const CommonPlan& common, const Artifact& artifact, std::string_view before,
                            std::string_view after, timespec began) {
  const auto old_files = files_in(before);
  const auto new_files = files_in(after);
  const auto inputs = inputs_of(artifact);
  const auto is_input = [&](std::string_view name) { return covers(inputs, unescape_line(name)); };
  std::vector<std::string> moved; // read, and not as it was when the build began
  for (const auto& [name, content] : new_files) {
    const std::string file = unescape_line(name);
    const auto old = old_files.find(name);
    const bool is_new = old == old_files.end();
    if (!file.starts_with('/') && !is_input(name) &&
        (is_new ? changed_after(common.places.root / file, began)
                : old->second.fingerprint != content.fingerprint)) {
      moved.push_back(file);
    }
  }
  std::ranges::sort(moved);
  const std::set<std::string> made = made_files(common, artifact, moved);
  std::string noted;
  for (const auto& [name, content] : new_files) {
    const std::string file = unescape_line(name);
    const auto old = old_files.find(name);
    const bool is_same = old != old_files.end() && old->second.fingerprint == content.fingerprint;
    const bool is_moved = std::ranges::binary_search(moved, file);
    const bool as_now =
        is_same || file.starts_with('/') || made.contains(file) || (!is_moved && !is_input(name));
    if (as_now) {
      add_line(noted, name, content);
    } else if (old != old_files.end()) {
      add_line(noted, name, old->second);
    }
  }
  for (const auto& [name, content] : old_files) {
    if (!new_files.contains(name) && is_input(name)) {
      add_line(noted, name, content);
    }
  }
  return noted;
}

std::vector<std::string> uncovered_reads(const CommonPlan& common, const Artifact& artifact) {
  std::vector<std::string> uncovered;
  for (const std::string& file : build_reads(common.places.root, artifact).files) {
    const auto makes = [&](const Artifact& other) { return covers(other.outputs, file); };
    if (!file.starts_with('/') && !covers(artifact.inputs, file) &&
        std::ranges::none_of(common.artifacts, makes)) {
      uncovered.push_back(file);
    }
  }
  const std::set<std::string> made = made_files(common, artifact, uncovered);
  std::erase_if(uncovered, [&](const std::string& file) { return made.contains(file); });
  return uncovered;
}

std::string_view how_known(const Artifact& artifact, const std::string& file) {
  return covers(inputs_of(artifact), unescape_line(file)) ? "" : ", read by the last build";
}

} // namespace ctest_matrix
