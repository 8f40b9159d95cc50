// Small reports in the shape of real writers, each with what is to be read in it and the verdict beside it:
// tests/fixtures/reports/<format>/<name>.<format> and <name>.txt. The text begins with what the cell is
// (`key: value` lines), a blank line follows, then the verdict and the reading. CTEST_MATRIX_WRITE_CORPUS in
// the environment writes it anew, to be looked at.
#include "base/files.hpp"
#include "base/text.hpp"
#include "cell/judge.hpp"
#include "runners/dump.hpp"
#include "runners/report_formats.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

struct Corpus : ::testing::TestWithParam<std::string> {};

std::vector<std::string> reports() {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(REPORT_FIXTURES)) {
    if (entry.is_regular_file() && entry.path().extension() != ".txt") {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// The `key: value` lines up to the first blank one.
std::map<std::string, std::string> head_of(const std::string& text) {
  std::map<std::string, std::string> head;
  for (const std::string& line : split_lines(text)) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) {
      break;
    }
    head[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return head;
}

ReportFormat format_of(const fs::path& path) {
  return path.extension() == ".xml"   ? ReportFormat::junit
         : path.extension() == ".tap" ? ReportFormat::tap
         : path.extension() == ".out" ? ReportFormat::libtest
                                      : ReportFormat::vitest_json;
}

std::string verdict_of(std::map<std::string, std::string> head, ReportFormat format,
                       const Result<RunnerReport>& report) {
  BoundCell cell;
  cell.file = head["file"];
  cell.scope = head["scope"];
  cell.skip_reason = head["skip"];
  Evidence evidence;
  evidence.process.end = Outcome::End::exited;
  evidence.process.exit_code = std::atoi(head["exit"].c_str());
  evidence.report = report;
  evidence.is_own_file = [own = head["file"]](const std::string& file) { return file == own; };
  evidence.file_proof = head["command"] == "names"  ? FileProof::command
                        : head["proves"] == "scope" ? FileProof::not_asked
                                                    : FileProof::none;
  evidence.focused = head["focused"];
  if (report) {
    evidence.unfocused = what_only_leaves(report->writer, "").value_or(Unfocused::skipped);
  }
  const Judgement judgement = judge(cell, format, LeakPolicy::report, evidence);
  const Counts& counts = judgement.counts;
  std::string text =
      fmt::format("{}{}{} ({} passed, {} failed, {} skipped{})\n", verdict_name(judgement.verdict),
                  judgement.brief.empty() ? "" : " - ", judgement.brief, counts.passed, counts.failed,
                  counts.skipped, judgement.flaky ? fmt::format(", {} retries", judgement.retries) : "");
  for (const std::string& remark : judgement.remarks) {
    text += fmt::format("remark {}\n", remark);
  }
  return text;
}

std::string read(const fs::path& path, const std::map<std::string, std::string>& head) {
  const ReportFormat format = format_of(path);
  const auto text = read_file(path);
  const auto report = parse_report(format, text ? *text : "",
                                   head.contains("counts") ? CountCheck::none : CountCheck::losses);
  const std::string writer = report && !report->writer.empty() ? fmt::format("by {}, ", report->writer) : "";
  return verdict_of(head, format, report) +
         (report ? writer + dump(*report) : "error: " + report.error().message + "\n");
}

TEST_P(Corpus, IsReadAsItSays) {
  const fs::path said = fs::path(GetParam()).replace_extension(".txt");
  const auto text = read_file(said);
  ASSERT_TRUE(text) << said;
  const auto head = head_of(*text);
  const std::size_t blank = text->starts_with('\n') ? 0 : text->find("\n\n") + 1;
  const std::string seen = read(GetParam(), head);
  if (std::getenv("CTEST_MATRIX_WRITE_CORPUS") != nullptr) {
    ASSERT_TRUE(write_file_atomic(said, text->substr(0, blank + 1) + seen));
  }
  EXPECT_EQ(text->substr(blank + 1), seen);
}

TEST(CorpusSize, HoldsManyWriters) {
  EXPECT_GE(reports().size(), 60U);
}

std::string name_of(const ::testing::TestParamInfo<std::string>& info) {
  const fs::path path = info.param;
  std::string name = path.parent_path().filename().string() + "_" + path.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Reports, Corpus, ::testing::ValuesIn(reports()), name_of);

} // namespace
} // namespace ctest_matrix
