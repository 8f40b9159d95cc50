#include "runners/dump.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace ctest_matrix {

namespace {

std::string_view status_name(TestStatus status) {
  switch (status) {
  case TestStatus::passed:
    return "passed";
  case TestStatus::failed:
    return "failed";
  case TestStatus::skipped:
    return "skipped";
  case TestStatus::todo:
    break;
  }
  return "todo";
}

std::string_view kept_name(OutputKept kept) {
  return kept == OutputKept::whole ? "whole" : kept == OutputKept::cut ? "cut" : "unreadable";
}

} // namespace

std::string dump(const RunnerReport& report) {
  std::string text = report.says_success ? "success\n" : "no success\n";
  for (const std::string& file : report.files) {
    text += fmt::format("file {}\n", file);
  }
  for (const TestCase& test : report.tests) {
    text += fmt::format("{} [{}] {}", status_name(test.status), test.file, join(test.titles, " / "));
    text += test.retries > 0 ? fmt::format(" retries {}", test.retries) : "";
    text += test.source_line > 0 ? fmt::format(" at {}:{}", test.source_file, test.source_line) : "";
    text += test.skip_reason.empty() ? "\n" : fmt::format(" because: {}\n", test.skip_reason);
    for (const std::string& message : test.messages) {
      text += fmt::format("  | {}\n", split_lines(message).empty() ? "" : split_lines(message).front());
    }
  }
  for (const FileFailure& failure : report.file_failures) {
    text += fmt::format("file failure [{}] {}{}{}", failure.file, failure.title,
                        failure.title.empty() ? "" : ": ",
                        failure.message.empty() ? "" : split_lines(failure.message).front());
    text +=
        failure.source_line > 0 ? fmt::format(" at {}:{}\n", failure.source_file, failure.source_line) : "\n";
  }
  text += report.skipped_whole ? fmt::format("skipped whole: {}\n", *report.skipped_whole) : "";
  for (const std::string& note : report.notes) {
    text += fmt::format("note {}\n", note);
  }
  return text;
}

std::string dump(const CtestRun& run) {
  std::string text = run.complete ? "complete\n" : "incomplete\n";
  for (const CtestResult& result : run.results) {
    text += fmt::format("{} {}", ctest_status_name(result.status), result.name);
    text += result.reason.empty() ? "" : fmt::format(" ({})", replace_all(result.reason, "\n", "\\n"));
    text += result.duration ? "" : ", no duration";
    text += fmt::format(", {} bytes {}\n", result.output.size(), kept_name(result.output_kept));
  }
  return text;
}

std::string fixture(const std::string& name) {
  Result<std::string> text = read_file(std::filesystem::path(RESULT_FIXTURES) / name);
  return text ? *std::move(text) : throw std::runtime_error(text.error().message);
}

std::vector<std::string> fixtures(const std::string& directory, const std::string& extension) {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(RESULT_FIXTURES) / directory)) {
    if (entry.path().extension() == extension) {
      names.push_back(directory + "/" + entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace ctest_matrix
