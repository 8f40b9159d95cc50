#include "cell/file_proof.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "runners/dialects.hpp"

#include <algorithm>
#include <regex>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Options whose value is a directory of something else.
constexpr std::string_view k_directory_options[] = {
    "--root", "--rootdir", "--rootDir", "--dir", "--cwd", "-C", "--prefix", "--config", "-c", "-I", "--lib"};

/// The words of a command, those of a shell's line among them; no option that takes a directory along.
std::vector<std::string> words_of(const std::vector<std::string>& argv) {
  std::vector<std::string> words;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (argv[i - 1] == "-c" && argv[i].find(' ') != std::string::npos) {
      const auto line = split(argv[i], ' ');
      words.insert(words.end(), line.begin(), line.end());
    } else if (argv[i] == "test" && argv[i - 1] != "--test") {
      continue; // a verb: `playwright test`, `npm test`
    } else if (std::ranges::find(k_directory_options, argv[i - 1]) == std::end(k_directory_options)) {
      words.push_back(argv[i]);
    }
  }
  return words;
}

/// The path in a word: `--file=tests/a.py`, `tests/a.py::TestX`.
std::string path_in(const std::string& word) {
  std::string path = word.substr(0, word.find("::"));
  if (path.starts_with('-')) {
    const std::size_t equals = path.find('=');
    path = equals == std::string::npos ? "" : path.substr(equals + 1);
  }
  return path;
}

/// Whether a path stands for more than the file: a directory around it, a pattern, a test file beside it.
bool is_wider(const fs::path& path, const fs::path& file) {
  std::error_code ignored;
  if (path.extension() == file.extension() && path.string().find_first_of("*?[") != std::string::npos) {
    return true;
  }
  if (path.extension() == file.extension() && path.parent_path() == file.parent_path()) {
    return fs::exists(path, ignored);
  }
  const std::string inside = path.lexically_relative(file).string();
  const bool around = inside == "." || inside == ".." || inside.ends_with("/..");
  return around && fs::is_directory(path, ignored);
}

/// Whether a configuration of mocha's names test files, which run beside those of the command. It is in the
/// nearest directory that has one.
bool mocha_adds_files(fs::path directory) {
  static const std::regex k_files(R"x(\b(spec|file)["']?\s*[:=])x");
  static const std::regex k_in_package(R"x("mocha"\s*:\s*\{[^}]*"(spec|file)"\s*:)x");
  constexpr const char* k_names[] = {".mocharc.js",    ".mocharc.cjs",  ".mocharc.mjs", ".mocharc.json",
                                     ".mocharc.jsonc", ".mocharc.yaml", ".mocharc.yml"};
  for (;; directory = directory.parent_path()) {
    for (const char* const name : k_names) {
      if (const auto text = read_file(directory / name)) {
        return std::regex_search(*text, k_files);
      }
    }
    if (const auto text = read_file(directory / "package.json")) {
      return std::regex_search(*text, k_in_package);
    }
    if (!directory.has_relative_path()) {
      return false;
    }
  }
}

bool runs_mocha(const std::vector<std::string>& argv, std::string_view writer) {
  return writer == k_mocha || writer == k_mocha_junit ||
         std::ranges::any_of(argv,
                             [](const std::string& word) { return word.find("mocha") != std::string::npos; });
}

} // namespace

FileProof file_proof_of(const std::vector<std::string>& argv, const fs::path& directory, const fs::path& file,
                        std::string_view writer) {
  if (file.empty() || (writer == k_jest_junit && std::ranges::find(argv, "--runTestsByPath") == argv.end())) {
    return FileProof::none;
  }
  if (runs_mocha(argv, writer) && mocha_adds_files(directory)) {
    return FileProof::none;
  }
  bool named = false;
  for (const std::string& word : words_of(argv)) {
    const std::string written = path_in(word);
    const fs::path path = (directory / written / "").lexically_normal().parent_path();
    if (!written.empty() && path == file.lexically_normal()) {
      named = true;
    } else if (!word.empty() && !word.starts_with('-') && is_wider(path, file)) {
      return FileProof::none;
    }
  }
  return named ? FileProof::command : FileProof::none;
}

} // namespace ctest_matrix
