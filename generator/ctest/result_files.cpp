#include "ctest/result_files.hpp"

#include "base/content.hpp"
#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"

#include <string_view>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr const char* k_last_test_log = "LastTest.log";
constexpr std::uintmax_t k_most_of_no_tests = 1024; // bytes; CTest's log of no tests has about 120

constexpr std::string_view k_last_tests_failed = "LastTestsFailed"; // also with the stamp of a dashboard run
constexpr std::chrono::seconds k_same_end(2); ///< which of the two is written last differs between CTests

/// The newest log in the directory whose name begins so, and not so; nothing where there is none.
std::optional<std::pair<fs::path, fs::file_time_type>>
newest(const fs::path& directory, std::string_view begin, std::string_view but_not) {
  std::optional<std::pair<fs::path, fs::file_time_type>> found;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code gone;
    const auto time = entry->last_write_time(gone);
    if (!gone && name.starts_with(begin) && !name.starts_with(but_not) && name.ends_with(".log") &&
        (!found || found->second < time)) {
      found.emplace(entry->path(), time);
    }
  }
  return found;
}

fs::path testing(const fs::path& build_dir) {
  return build_dir / "Testing";
}

/// An empty file is nothing to read: CTest was ended before it wrote.
std::optional<fs::path> if_there(fs::path file) {
  std::error_code error;
  return fs::file_size(file, error) > 0 && !error ? std::optional(std::move(file)) : std::nullopt;
}

} // namespace

fs::path last_run_directory(const fs::path& build_dir) {
  return testing(build_dir) / "Temporary";
}

std::optional<FailedTests> failed_tests_of(const fs::path& build_dir) {
  const fs::path directory = last_run_directory(build_dir);
  const auto failed = newest(directory, k_last_tests_failed, "/");
  const auto log = newest(directory, "LastTest", "LastTests");
  if (!failed || (log && failed->second + k_same_end < log->second)) {
    return std::nullopt;
  }
  const auto text = read_regular_file(failed->first, k_max_result_bytes);
  if (!text) {
    return std::nullopt;
  }
  FailedTests tests;
  tests.written = std::chrono::time_point_cast<Milliseconds>(std::chrono::file_clock::to_sys(failed->second));
  for (const std::string& line : split_lines(*text)) {
    if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
      tests.names.push_back(line.substr(colon + 1));
    }
  }
  return tests;
}

namespace {

/// The Test.xml of the last dashboard run, which Testing/TAG names; nothing where there is none.
std::optional<fs::path> test_xml_of(const fs::path& build_dir) {
  const auto tag = read_file(testing(build_dir) / "TAG");
  if (!tag) {
    return std::nullopt;
  }
  const auto lines = split_lines(*tag);
  return if_there(testing(build_dir) / (lines.empty() ? "" : lines.front()) / "Test.xml");
}

} // namespace

std::vector<fs::path> files_of_an_end(const fs::path& build_dir) {
  std::vector<fs::path> files;
  if (auto xml = test_xml_of(build_dir)) {
    files.push_back(*std::move(xml));
  }
  for (const char* name : {k_last_test_log, "LastTestsFailed.log", "LastTestsDisabled.log"}) {
    files.push_back(last_run_directory(build_dir) / name);
  }
  return files;
}

std::string results_mark(const fs::path& build_dir) {
  std::string mark;
  for (const fs::path& file : files_of_an_end(build_dir)) {
    const auto text = file.filename() == k_last_test_log ? read_regular_file(file, k_most_of_no_tests)
                                                         : Result<std::string>(Error());
    const bool of_no_tests = text && text->find("Testing: ") == std::string::npos;
    mark += (of_no_tests ? "" : file_signature(file)) + ';';
  }
  return mark;
}

} // namespace ctest_matrix
