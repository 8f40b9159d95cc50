#include "shard/passing_on.hpp"

#include "artifact/artifact.hpp"
#include "artifact/build_files.hpp"
#include "base/content.hpp"
#include "base/depfile.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/json_fields.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"
#include "matrix/artifact_chain.hpp"
#include "plan/build_reads.hpp"
#include "plan/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

namespace fs = std::filesystem;

/// An artifact, and what it was made from.
struct PackedArtifact {
  std::string name{};
  std::string command{};                       ///< a fingerprint of it
  std::map<std::string, std::string> inputs{}; ///< by name, fingerprints of their contents
  std::map<std::string, std::string>
      reads{}; ///< the same of the sources that its build read, by its depfiles
};

/// A file, or a link, that an artifact made.
struct PackedFile {
  std::string path{}; ///< relative to the root
  std::string link{}; ///< where it leads; empty: no link
  int mode = 0;
  std::int64_t size = 0;
};

struct PackedArtifacts {
  std::string matrix{}; ///< `matrix_identity`
  std::vector<PackedArtifact> artifacts{};
  std::vector<PackedFile> files{};
};

template <typename Archive>
void fields(Archive& archive, PackedArtifact& artifact) {
  archive("name", artifact.name);
  archive("command", artifact.command);
  archive("inputs", artifact.inputs);
  archive.if_set("reads", artifact.reads);
}

template <typename Archive>
void fields(Archive& archive, PackedFile& file) {
  archive("path", file.path);
  archive.if_set("link", file.link);
  archive("mode", file.mode);
  archive("size", file.size);
}

template <typename Archive>
void fields(Archive& archive, PackedArtifacts& packed) {
  archive.constant("version", 1);
  archive("matrix", packed.matrix);
  archive("artifacts", packed.artifacts);
  archive("files", packed.files);
}

namespace {

constexpr std::uintmax_t k_most_bytes = std::uintmax_t{8} << 30U;

/// Those that cells or their services need, each behind what it comes after.
std::vector<const Artifact*> needed_artifacts(const Plan& plan) {
  std::vector<std::string> names;
  for (const Cell& cell : plan.cells) {
    names.insert(names.end(), cell.variant->artifacts.begin(), cell.variant->artifacts.end());
    for (const Service& service : plan.common.services) {
      if (std::ranges::find(cell.variant->services, service.name) != cell.variant->services.end()) {
        names.insert(names.end(), service.after.begin(), service.after.end());
      }
    }
  }
  sort_unique(names);
  return artifact_chain(plan.common.artifacts, names);
}

/// Without the root, which differs between machines.
std::string command_mark(const Artifact& artifact) {
  std::string text = artifact.directory + '\n';
  for (const TextTemplate& argument : artifact.command) {
    text += argument.source() + '\0';
  }
  for (const auto& [name, value] : artifact.environment) {
    text += name + '=' + value.source() + '\0';
  }
  return fingerprint(text);
}

/// Whether an artifact makes this file: what it is then follows from what that one is made from.
bool is_made(const CommonPlan& common, std::string_view file) {
  return std::ranges::any_of(common.artifacts,
                             [&](const Artifact& artifact) { return covers(artifact.outputs, file); });
}

PackedArtifact described(const CommonPlan& common, const Artifact& artifact) {
  PackedArtifact packed{.name = artifact.name, .command = command_mark(artifact)};
  const std::string state = content_state(common.places.root, inputs_of(artifact), "");
  for (const auto& [file, content] : files_in(state)) {
    if (!is_made(common, unescape_line(file))) {
      packed.inputs.emplace(file, content.fingerprint);
    }
  }
  return packed;
}

/// The sources that the last build read: what a tool keeps, or what lies outside of the root, is each
/// machine's own.
std::map<std::string, std::string> sources_read(const CommonPlan& common, const Artifact& artifact) {
  std::map<std::string, std::string> sources;
  for (const std::string& file : build_reads(common.places.root, artifact).files) {
    if (!file.starts_with('/') && !is_kept_by_a_tool(common.places.root, file)) {
      sources.emplace(file, ContentReader::of_file(common.places.root / file));
    }
  }
  return sources;
}

/// A depfile that names them from the artifact's directory on, wherever the root is.
std::string portable_depfile(const Artifact& artifact, const PackedArtifact& packed) {
  std::vector<std::string> names;
  for (const auto& [file, content] : packed.reads) {
    names.push_back(
        fs::path(file).lexically_relative(fs::path(artifact.directory).lexically_normal()).string());
  }
  return write_depfile(names);
}

/// What differs first; empty where nothing does.
std::string first_difference(const CommonPlan& common, const PackedArtifact& packed,
                             const PackedArtifact& here) {
  if (packed.command != here.command) {
    return "its command is another one";
  }
  for (const auto& [file, content] : here.inputs) {
    const auto found = packed.inputs.find(file);
    if (found == packed.inputs.end() || found->second != content) {
      return fmt::format("{} {}", file, found == packed.inputs.end() ? "is new" : "has changed");
    }
  }
  for (const auto& [file, content] : packed.inputs) {
    if (!here.inputs.contains(file)) {
      return fmt::format("{} is gone", file);
    }
  }
  for (const auto& [file, content] : packed.reads) {
    if (!is_made(common, file) && ContentReader::of_file(common.places.root / file) != content) {
      return fmt::format("{} has changed, read by its build", file);
    }
  }
  return "";
}

/// A path that stays below the root, and out of what git keeps.
bool is_inside(const std::string& path) {
  const fs::path normal = fs::path(path).lexically_normal();
  return !path.empty() && normal.is_relative() && normal == fs::path(path) && *normal.begin() != ".." &&
         *normal.begin() != "." && *normal.begin() != ".git";
}

Error bad_pack(const fs::path& file, std::string_view why) {
  return {ExitCode::input,
          fmt::format("{}: expected artifacts as `shard --pack` writes them: {}", file.string(), why)};
}

Result<PackedArtifacts> read_head(const fs::path& file, std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return bad_pack(file, "it has no first line");
  }
  auto packed = from_json<PackedArtifacts>(std::string(text.substr(0, end)));
  if (!packed) {
    return bad_pack(file, packed.error().message);
  }
  std::uintmax_t size = end + 1;
  for (const PackedFile& each : packed->files) {
    if (!is_inside(each.path) || each.size < 0) {
      return bad_pack(file, fmt::format("'{}' is no path below the root", printable(each.path)));
    }
    size += static_cast<std::uintmax_t>(each.size);
  }
  if (size != text.size()) {
    return bad_pack(file, fmt::format("{} bytes are expected, {} are there", size, text.size()));
  }
  return packed;
}

Result<void> check_origin(const Plan& plan, const PackedArtifacts& packed, const fs::path& file) {
  if (packed.matrix != matrix_identity(plan.common)) {
    return bad_pack(file, "it is of another matrix");
  }
  for (const PackedArtifact& artifact : packed.artifacts) {
    const auto here = std::ranges::find(plan.common.artifacts, artifact.name, &Artifact::name);
    const std::string difference =
        here == plan.common.artifacts.end()
            ? "there is no such artifact here"
            : first_difference(plan.common, artifact, described(plan.common, *here));
    if (!difference.empty()) {
      return Error{ExitCode::setup,
                   fmt::format("{}: the artifact {} was made from something else than is here: {}",
                               file.string(), artifact.name, printable(difference))};
    }
  }
  return {};
}

/// Whether a directory lies below the root, whatever links lead there.
bool is_really_inside(const fs::path& root, const fs::path& directory) {
  std::error_code error;
  const fs::path below =
      fs::weakly_canonical(directory, error).lexically_relative(fs::canonical(root, error));
  return !error && !below.empty() && *below.begin() != "..";
}

Result<void> put(const fs::path& path, const PackedFile& file, std::string_view content) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  fs::remove(path, error); // of a link, not what it leads to
  if (!file.link.empty()) {
    fs::create_symlink(file.link, path, error);
  } else {
    TRY(write_file_quickly(path, content));
    fs::permissions(path, static_cast<fs::perms>(file.mode) & fs::perms::all, error);
  }
  return error ? Error{ExitCode::setup, fmt::format("{}: {}", path.string(), error.message())}
               : Result<void>();
}

} // namespace

std::string artifacts_key(const Plan& plan) {
  std::string text;
  for (const Artifact* artifact : needed_artifacts(plan)) {
    text += to_json(described(plan.common, *artifact)) + '\n';
  }
  return fingerprint(text);
}

Result<std::string> pack_artifacts(const Plan& plan, const fs::path& file) {
  const CommonPlan& common = plan.common;
  PackedArtifacts packed{.matrix = matrix_identity(common)};
  std::string contents;
  std::set<std::string> seen;
  for (const Artifact* artifact : needed_artifacts(plan)) {
    TRY(build_artifact(common, artifact->name));
    packed.artifacts.push_back(described(common, *artifact));
    packed.artifacts.back().reads = sources_read(common, *artifact);
    for (const std::string& depfile : glob(common.places.root, artifact->depfiles)) {
      const std::string content = portable_depfile(*artifact, packed.artifacts.back());
      packed.files.push_back(
          {.path = depfile, .mode = 0644, .size = static_cast<std::int64_t>(content.size())});
      contents += content;
      seen.insert(depfile);
    }
    for (const std::string& path : glob(common.places.root, artifact->outputs)) {
      if (!seen.insert(path).second) {
        continue;
      }
      const fs::path full = common.places.root / path;
      std::error_code error;
      PackedFile each{.path = path};
      if (fs::is_symlink(full, error)) {
        each.link = fs::read_symlink(full, error).string();
      } else {
        TRY_ASSIGN(const std::string content, read_file(full));
        each.mode = static_cast<int>(fs::status(full, error).permissions());
        each.size = static_cast<std::int64_t>(content.size());
        contents += content;
      }
      packed.files.push_back(std::move(each));
    }
  }
  TRY(write_file_atomic(file, to_json(packed) + "\n" + contents));
  return fmt::format("wrote {}: {} in {}\n", file.string(), plural(packed.artifacts.size(), "artifact"),
                     plural(packed.files.size(), "file"));
}

Result<std::string> unpack_artifacts(const Plan& plan, const fs::path& file) {
  TRY_ASSIGN(const std::string text, read_regular_file(file, k_most_bytes));
  TRY_ASSIGN(const PackedArtifacts packed, read_head(file, text));
  TRY(check_origin(plan, packed, file));
  std::string_view rest = std::string_view(text).substr(text.find('\n') + 1);
  for (const PackedFile& each : packed.files) {
    const auto size = static_cast<std::size_t>(each.size);
    if (!is_really_inside(plan.common.places.root, (plan.common.places.root / each.path).parent_path())) {
      return bad_pack(file, fmt::format("'{}' lies behind a link out of the root", printable(each.path)));
    }
    TRY(put(plan.common.places.root / each.path, each, rest.substr(0, size)));
    rest.remove_prefix(size);
  }
  for (const PackedArtifact& artifact : packed.artifacts) {
    TRY(take_over_artifact(plan.common, artifact.name));
  }
  return fmt::format("{}: {} taken over, {}\n", file.string(), plural(packed.artifacts.size(), "artifact"),
                     plural(packed.files.size(), "file"));
}

} // namespace ctest_matrix
