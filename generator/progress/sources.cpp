#include "progress/sources.hpp"

#include "base/content.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/json.hpp"
#include "base/own_files.hpp"
#include "base/text.hpp"
#include "ctest/entry_file.hpp"
#include "plan/git.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_head = "sources of git\n"; // without a list behind it: there is no git
constexpr std::string_view k_unlisted = "sources that git does not list\n";
constexpr std::array<std::string_view, 4> k_documents = {".md", ".markdown", ".rst", ".adoc"};
constexpr std::array<std::string_view, 3> k_notices = {"LICENSE", "COPYING", "NOTICE"};
constexpr std::string_view k_baseline = "known-failures.txt"; // as the reference calls it: no test reads it
constexpr std::array<std::string_view, 3> k_made = {"node_modules", "__pycache__", ".pytest_cache"};
constexpr std::array<std::string_view, 2> k_build_marks = {k_entry_file, "CMakeCache.txt"};

fs::path list_of(const CommonPlan& common) {
  return common.places.state / "sources";
}

bool is_document(const fs::path& path) {
  const std::string extension = path.extension().string();
  const std::string name = path.filename().string();
  return std::ranges::find(k_documents, extension) != k_documents.end() || name == k_baseline ||
         std::ranges::any_of(k_notices, [&](std::string_view notice) { return name.starts_with(notice); });
}

/// Whether a package manager or a runner made it, whatever git is told to ignore.
bool is_made(const std::string& path) {
  const auto directories = split(path, '/');
  return std::ranges::any_of(directories, [](const std::string& directory) {
    return std::ranges::find(k_made, directory) != k_made.end();
  });
}

/// The directories of the list that are build directories, with a slash behind them.
std::vector<std::string> build_directories(const std::vector<std::string>& listed) {
  std::vector<std::string> directories;
  for (const std::string& path : listed) {
    const std::size_t slash = path.rfind('/');
    const bool marked = slash != std::string::npos &&
                        std::ranges::find(k_build_marks, path.substr(slash + 1)) != k_build_marks.end();
    if (marked) {
      directories.push_back(path.substr(0, slash + 1));
    }
  }
  return directories;
}

/// What `git ls-files` says of a directory; nothing where it fails, or knows no file. What it names as a
/// directory is another repository, a submodule for one, whose files are its own to tell.
std::optional<std::vector<std::string>> files_of_git(const fs::path& directory, int depth = 0) {
  constexpr int k_deepest = 8;
  const auto output = ask_git(directory, {"ls-files", "-z", "-co", "--exclude-standard"});
  if (!output) {
    return std::nullopt;
  }
  auto paths = split(*output, '\0');
  std::erase_if(paths, [](const std::string& path) { // a damaged index names the directory itself
    return path.empty() || path == "./";
  });
  std::vector<std::string> files;
  for (std::string& path : paths) {
    std::error_code ignored;
    if (depth == k_deepest || !fs::is_directory(fs::symlink_status(directory / path, ignored))) {
      files.push_back(std::move(path));
      continue;
    }
    const std::string below = path.ends_with('/') ? path : path + '/';
    const bool is_repository = fs::exists(directory / below / ".git", ignored);
    for (const std::string& file :
         is_repository ? files_of_git(directory / below, depth + 1).value_or(std::vector<std::string>())
                       : std::vector<std::string>()) {
      files.push_back(below + file);
    }
  }
  return files.empty() ? std::nullopt : std::optional(std::move(files));
}

/// What the package that a directory is of says that it needs.
std::vector<std::string> dependencies_of(fs::path package, const fs::path& root) {
  constexpr std::array<const char*, 4> k_sections = {"dependencies", "devDependencies", "peerDependencies",
                                                     "optionalDependencies"};
  std::error_code ignored;
  while (package != root && package != package.parent_path() &&
         !fs::exists(package / "package.json", ignored)) {
    package = package.parent_path();
  }
  const auto text = read_file(package / "package.json");
  const auto parsed = text ? parse_json(*text) : Result<Json>(text.error());
  const Json json = parsed ? *parsed : Json();
  std::vector<std::string> names;
  for (const char* const section : k_sections) {
    for (const Json::Member& member : json[section].members()) {
      names.push_back(member.key);
    }
  }
  return names;
}

/// Where a dependency lies as Node finds it; empty where it is none of the checkout's own packages.
fs::path own_package(fs::path from, const std::string& name, const fs::path& root) {
  std::error_code error;
  for (;; from = from.parent_path()) {
    const fs::path place = from / "node_modules" / name;
    if (fs::exists(place, error)) {
      const fs::path real = fs::canonical(place, error);
      const bool is_own = !error && real.native().starts_with(root.native() + '/') &&
                          real.native().find("/node_modules/") == std::string::npos;
      return is_own ? real : fs::path();
    }
    if (from == root || from == from.parent_path()) {
      return {};
    }
  }
}

/// What is remembered of one file.
struct KnownFile {
  std::string signature;
  std::string content;
};

/// Reads `<signature> <content> <path>` of each file; the first line is that of all.
std::map<std::string, KnownFile> read_known(std::string_view memory) {
  std::map<std::string, KnownFile> known;
  for (const std::string& line :
       split_lines(memory.substr(std::min(memory.find('\n'), memory.size() - 1) + 1))) {
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first + 1);
    if (first != std::string::npos && second != std::string::npos) {
      known[line.substr(second + 1)] = {line.substr(0, first), line.substr(first + 1, second - first - 1)};
    }
  }
  return known;
}

/// The lines behind the head of a listing; nothing where git did not list the sources.
std::optional<std::string_view> listed_in(std::string_view list) {
  return list.starts_with(k_head) && list.size() > k_head.size() ? std::optional(list.substr(k_head.size()))
                                                                 : std::nullopt;
}

/// Changes whenever one of the listed files may have: the list, and of each file what tells that. Every cell
/// asks for it, so no path and no number becomes a text of its own.
std::string state_of(const fs::path& directory, std::string_view listed) {
  constexpr std::size_t k_bytes = 48; // of a file
  std::string state(listed);
  state.reserve(listed.size() + k_bytes * static_cast<std::size_t>(std::ranges::count(listed, '\n')));
  std::string path = directory.string() + '/';
  const std::size_t begin = path.size();
  while (!listed.empty()) {
    const std::size_t end = std::min(listed.find('\n'), listed.size());
    path.replace(begin, std::string::npos, listed.substr(0, end));
    listed.remove_prefix(std::min(end + 1, listed.size()));

    struct stat status {};

    const bool is_there = stat(path.c_str(), &status) == 0;
    const std::array<std::int64_t, 6> numbers{is_there ? status.st_mtim.tv_sec : -1,
                                              status.st_mtim.tv_nsec,
                                              status.st_ctim.tv_sec,
                                              status.st_ctim.tv_nsec,
                                              status.st_size,
                                              static_cast<std::int64_t>(status.st_ino)};
    static_assert(sizeof(numbers) == k_bytes);
    state.append(reinterpret_cast<const char*>(numbers.data()), sizeof(numbers));
  }
  return state;
}

/// What stands in front of a memory: the state of all files, and what came of it.
std::string head_of(const std::string& state, const std::string& content) {
  return fmt::format("{} {}\n", fingerprint(state), content);
}

} // namespace

std::vector<std::string> sources_among(const CommonPlan& common, std::span<const std::string> rows,
                                       std::vector<std::string> listed) {
  std::set<std::string> left_out;
  const auto file = TestFile::parse(common.sources->test_file);
  for (const std::string& row : rows) {
    const auto paths = file ? file->paths_of(row) : std::vector<std::string>();
    left_out.insert(paths.begin(), paths.end());
  }
  for (const fs::path& path : common.sources->except) {
    left_out.insert(path.lexically_relative(common.directory).string());
  }
  // What is built stands for its inputs, on which a cell rests anyway, and is not there before.
  const auto is_built = [&](const std::string& path) {
    const std::string below =
        (common.directory / path).lexically_normal().lexically_relative(common.places.root).generic_string();
    return std::ranges::any_of(common.artifacts, [&](const Artifact& artifact) {
      const auto matches = [&](const std::string& made) { return glob_match(made, below); };
      return std::ranges::any_of(artifact.outputs, matches) ||
             std::ranges::any_of(artifact.depfiles, matches);
    });
  };
  std::vector<std::string> builds = build_directories(listed);
  builds.push_back(common.places.build_dir().lexically_relative(common.directory).string() + '/');
  sort_unique(listed);
  std::erase_if(listed, [&](const std::string& path) {
    return left_out.contains(path) || is_document(path) || path.find('\n') != std::string::npos ||
           is_made(path) || is_built(path) || is_told_by_us(common.directory / path) ||
           std::ranges::any_of(builds, [&](const std::string& build) { return path.starts_with(build); });
  });
  return listed;
}

std::vector<std::string> linked_packages(const CommonPlan& common) {
  std::error_code error;
  const fs::path root = fs::canonical(common.places.root, error);
  const fs::path directory = fs::canonical(common.directory, error);
  std::vector<fs::path> found{directory};
  for (std::size_t next = 0; !error && next < found.size(); ++next) {
    const fs::path from = found[next];
    for (const std::string& name : dependencies_of(from, root)) {
      const fs::path package = own_package(from, name, root);
      const bool is_known = std::ranges::any_of(found, [&](const fs::path& known) {
        return (package.native() + '/').starts_with(known.native() + '/');
      });
      if (!package.empty() && !is_known) {
        found.push_back(package);
      }
    }
  }
  std::vector<std::string> packages;
  for (const fs::path& package : found) {
    if (package != directory) {
      packages.push_back(package.lexically_relative(directory).generic_string());
    }
  }
  sort_unique(packages);
  return packages;
}

bool are_unlisted(const CommonPlan& common) {
  return common.sources && !find_checkout(common.directory).empty() && !files_of_git(common.directory);
}

Result<void> list_sources(const CommonPlan& common, std::span<const std::string> rows) {
  if (!common.sources) {
    return {};
  }
  const bool has_git = !find_checkout(common.directory).empty();
  if (!has_git) {
    return write_file_if_changed(list_of(common), k_head);
  }
  auto listed = files_of_git(common.directory);
  if (!listed) {
    return write_file_if_changed(list_of(common), k_unlisted);
  }
  for (const std::string& package : linked_packages(common)) {
    for (const std::string& file :
         files_of_git(common.directory / package).value_or(std::vector<std::string>())) {
      listed->push_back(fmt::format("{}/{}", package, file));
    }
  }
  std::string text(k_head);
  for (const std::string& path : sources_among(common, rows, std::move(*listed))) {
    text += path + '\n';
  }
  return write_file_if_changed(list_of(common), text);
}

std::vector<SourceTime> source_times(const CommonPlan& common) {
  const auto list = read_file(list_of(common));
  const auto listed = list ? listed_in(*list) : std::nullopt;
  std::vector<SourceTime> times;
  for (std::string& path : split_lines(listed.value_or(std::string_view()))) {
    struct stat status {};

    if (stat((common.directory / path).c_str(), &status) == 0) {
      const auto time_of = [](const timespec& time) {
        return TimePoint(Milliseconds(std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000));
      };
      times.push_back({std::max(time_of(status.st_mtim), time_of(status.st_ctim)), std::move(path)});
    }
  }
  std::ranges::stable_sort(times, std::greater(), &SourceTime::changed);
  return times;
}

std::optional<std::string> sources_now(const CommonPlan& common) {
  const auto list = common.sources ? read_file(list_of(common)) : Result<std::string>("");
  if (list && *list == k_unlisted) { // another one each time: nothing that rests on it is known to be fresh
    return fmt::format("unlisted {}", std::chrono::system_clock::now().time_since_epoch().count());
  }
  const auto listed = list ? listed_in(*list) : std::nullopt;
  if (!listed) {
    return std::nullopt;
  }
  const fs::path memory_file = common.places.state / "contents" / "sources";
  const auto remembered = read_file(memory_file);
  const std::string memory = remembered ? *remembered : std::string();
  const std::string state = state_of(common.directory, *listed);
  const std::string head = fingerprint(state) + ' ';
  if (memory.starts_with(head)) {
    return memory.substr(head.size(), memory.find('\n') - head.size());
  }
  const auto known = read_known(memory);
  std::string contents;
  std::string lines;
  for (const std::string& path : split_lines(*listed)) {
    const std::string signature = file_signature(common.directory / path);
    if (signature.empty()) {
      continue; // gone, and git has not been told
    }
    const auto before = known.find(path);
    const std::string content = before != known.end() && before->second.signature == signature
                                    ? before->second.content
                                    : ContentReader::of_file(common.directory / path);
    contents += path + ' ' + content + '\n';
    lines += signature + ' ' + content + ' ' + path + '\n';
  }
  const std::string content = fingerprint(contents);
  static_cast<void>(write_file_quickly(memory_file, head_of(state, content) + lines));
  return content;
}

} // namespace ctest_matrix
