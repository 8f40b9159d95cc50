#include "ctest/result_files.hpp"

#include "base/content.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr const char* k_last_test_log = "LastTest.log";
constexpr std::uintmax_t k_most_of_no_tests = 1024; // bytes; CTest's log of no tests has about 120

fs::path testing(const fs::path& build_dir) {
  return build_dir / "Testing";
}

std::optional<fs::path> if_there(fs::path file) {
  std::error_code error;
  return fs::exists(file, error) ? std::optional(std::move(file)) : std::nullopt;
}

} // namespace

fs::path last_run_directory(const fs::path& build_dir) {
  return testing(build_dir) / "Temporary";
}

std::optional<fs::path> last_test_log_of(const fs::path& build_dir) {
  return if_there(last_run_directory(build_dir) / k_last_test_log);
}

std::optional<fs::path> test_xml_of(const fs::path& build_dir) {
  const auto tag = read_file(testing(build_dir) / "TAG");
  if (!tag) {
    return std::nullopt;
  }
  const auto lines = split_lines(*tag);
  return if_there(testing(build_dir) / (lines.empty() ? "" : lines.front()) / "Test.xml");
}

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
