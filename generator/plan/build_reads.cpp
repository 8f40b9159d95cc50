#include "plan/build_reads.hpp"

#include "base/content.hpp"
#include "base/depfile.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/line_escape.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <system_error>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_cache_mark = "CACHEDIR.TAG"; // https://bford.info/cachedir/
constexpr std::string_view k_packages = "node_modules";

/// Finds the files that depfiles name.
class Finder {
public:
  Finder(const fs::path& root, const Artifact& artifact)
      : m_root(root), m_artifact(artifact), m_directory((root / artifact.directory).lexically_normal()) {
    std::error_code ignored;
    m_real_root = fs::canonical(root, ignored);
  }

  BuildReads find() && {
    for (const std::string& pattern : m_artifact.depfiles) {
      if (!pattern.starts_with('!') && glob(m_root, {pattern}).empty()) {
        return {{}, fmt::format("no file below {} matches its depfile {}", m_root.string(), pattern)};
      }
    }
    for (const std::string& depfile : glob(m_root, m_artifact.depfiles)) {
      read(depfile);
    }
    sort_unique(m_reads.files);
    return std::move(m_reads);
  }

private:
  void problem(std::string what) {
    if (m_reads.problem.empty()) {
      m_reads.problem = std::move(what);
    }
  }

  void read(const std::string& depfile) {
    const auto text = read_regular_file(m_root / depfile, k_largest_depfile);
    if (!text) {
      return problem(fmt::format("its depfile cannot be read: {}", text.error().message));
    }
    const auto named = parse_depfile(*text);
    if (!named) {
      return problem(fmt::format("its depfile {} cannot be read: {}", depfile, named.error().message));
    }
    for (const std::string& name : named->files) {
      if (!add(name)) {
        problem(fmt::format("its depfile {} names {}, which is not there", depfile, printable(name)));
      }
    }
    for (const std::string& name : named->uncertain) {
      if (!add(name)) {
        add(name.substr(0, name.find_first_of("?#")));
      }
    }
  }

  /// False where no such file is there.
  bool add(const std::string& name) {
    if (name.empty()) {
      return false;
    }
    const std::string path = path_of(name);

    struct stat status {};

    if (stat(path.c_str(), &status) != 0) {
      return false;
    }
    const std::string below = below_root(path);
    if (S_ISDIR(status.st_mode)) {
      add_directory(below);
    } else if (S_ISREG(status.st_mode) && !is_made(below)) { // a device has no content that could change
      m_reads.files.push_back(below);
    }
    return true;
  }

  std::string path_of(const std::string& name) const {
    std::string path = name.starts_with('/') ? name : m_directory.string() + '/' + name;
    if (path.find("/.") == std::string::npos && path.find("//") == std::string::npos) {
      return path;
    }
    std::error_code error;
    if (path.find("/..") != std::string::npos) { // what `..` is behind a link only the disk can tell
      const fs::path real = fs::canonical(path, error);
      return error ? fs::path(path).lexically_normal().string() : real.string();
    }
    return fs::path(path).lexically_normal().string();
  }

  /// A path by its name below the root, whichever way leads there.
  std::string below_root(const std::string& path) {
    const auto below = [&](const std::string& text, const std::string& root) {
      return text.starts_with(root) && text.size() > root.size() && text[root.size()] == '/'
                 ? text.substr(root.size() + 1)
                 : std::string();
    };
    if (path == m_root.string() || path == m_real_root) {
      return ".";
    }
    for (const std::string& root : {m_root.string(), m_real_root}) {
      if (std::string found = below(path, root); !found.empty()) {
        return found;
      }
    }
    const std::size_t slash = path.rfind('/');
    const auto [known, is_new] = m_real_directories.try_emplace(path.substr(0, slash));
    if (is_new) {
      std::error_code error;
      known->second = fs::canonical(known->first.empty() ? "/" : known->first, error).string();
    }
    const std::string real = known->second + path.substr(slash);
    std::string found = below(real, m_real_root);
    return found.empty() ? path : found;
  }

  bool is_made(const std::string& path) const {
    return covers(m_artifact.outputs, path) || covers(m_artifact.depfiles, path);
  }

  /// All files below a directory, but for what git and package managers keep there, and caches.
  void add_directory(const std::string& directory) {
    std::error_code error;
    const fs::path top = m_root / directory;
    for (fs::recursive_directory_iterator entry(top, error), end; !error && entry != end;
         entry.increment(error)) {
      std::error_code unknown;
      const fs::path& path = entry->path();
      if (entry->is_directory(unknown) && !entry->is_symlink(unknown)) {
        const std::string name = path.filename().string();
        if (name == ".git" || name == k_packages || name == k_checkout_directory ||
            fs::exists(path / k_cache_mark, unknown)) {
          entry.disable_recursion_pending();
        }
      } else if (entry->is_regular_file(unknown)) {
        if (m_reads.files.size() >= k_most_dependencies) {
          return problem(fmt::format("its depfiles name more than {} files, with those below {}",
                                     k_most_dependencies, directory));
        }
        if (const std::string below = below_root(path.lexically_normal().string()); !is_made(below)) {
          m_reads.files.push_back(below);
        }
      }
    }
    if (error) {
      problem(fmt::format("its depfile names {}, which cannot be read: {}", directory, error.message()));
    }
  }

  const fs::path& m_root;
  const Artifact& m_artifact;
  fs::path m_directory;
  std::string m_real_root;
  std::map<std::string, std::string> m_real_directories;
  BuildReads m_reads;
};

} // namespace

BuildReads build_reads(const fs::path& root, const Artifact& artifact) {
  return artifact.depfiles.empty() ? BuildReads() : Finder(root, artifact).find();
}

std::vector<std::string> inputs_of(const Artifact& artifact) {
  std::vector<std::string> inputs = artifact.inputs;
  for (const auto* made : {&artifact.outputs, &artifact.depfiles}) {
    for (const std::string& pattern : *made) {
      if (!pattern.starts_with('!')) {
        inputs.push_back("!" + pattern);
      }
    }
  }
  return inputs;
}

bool is_kept_by_a_tool(const fs::path& root, const std::string& path) {
  auto parts = split(path, '/');
  parts.pop_back();
  std::string directory = root.string();
  return std::ranges::any_of(parts, [&](const std::string& part) {
    directory.append("/").append(part);
    std::error_code unknown;
    return part == k_packages || fs::exists(fs::path(directory) / k_cache_mark, unknown);
  });
}

std::string reads_digest(const CommonPlan& common, const Artifact& artifact) {
  const fs::path& root = common.places.root;
  const BuildReads reads = build_reads(root, artifact);
  if (!reads.problem.empty()) {
    return "unknown";
  }
  const fs::path memory = common.places.state / "contents" / ("reads-" + artifact.name);
  const auto known = read_file(memory);
  const std::string state = content_of(root, reads.files, known ? *known : "");
  if (!known || *known != state) {
    static_cast<void>(write_file_quickly(memory, state));
  }
  std::vector<std::string> lines;
  std::map<std::string, bool> kept; // by directory
  for (const auto& [name, content] : files_in(state)) {
    const std::string file = unescape_line(name);
    const std::size_t slash = file.rfind('/');
    const std::string directory = file.substr(0, slash == std::string::npos ? 0 : slash + 1);
    const auto [of_tool, is_new] = kept.try_emplace(directory);
    if (is_new) {
      of_tool->second = file.starts_with('/') || is_kept_by_a_tool(root, file);
    }
    lines.push_back(
        fmt::format("{} {}", of_tool->second ? file.substr(directory.size()) : file, content.fingerprint));
  }
  std::ranges::sort(lines);
  return fingerprint(join(lines, "\n"));
}

} // namespace ctest_matrix
