#include "cell/own_reports.hpp"

#include "base/content.hpp"
#include "base/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

template <typename T>
void move_behind(std::vector<T>& all, std::vector<T>& more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// What two reports of one run say together.
void add_report(RunnerReport& all, RunnerReport more) {
  if (all.tests.empty() && all.skipped_whole) { // a file of several was skipped: the others tell of the run
    all.skipped_whole = more.skipped_whole;
  }
  move_behind(all.tests, more.tests);
  move_behind(all.file_failures, more.file_failures);
  move_behind(all.files, more.files);
  move_behind(all.notes, more.notes);
  all.unmatched += more.unmatched;
  all.says_success = all.says_success && more.says_success;
  all.start = all.start && more.start ? std::min(all.start, more.start) : all.start ? all.start : more.start;
  all.unread_time = all.unread_time.empty() ? more.unread_time : all.unread_time;
}

} // namespace

OwnReports::OwnReports(fs::path directory, std::vector<std::string> patterns)
    : m_directory(std::move(directory)), m_patterns(std::move(patterns)) {
  for (const std::string& file : glob(m_directory, m_patterns)) {
    m_before[file] = file_signature(m_directory / file);
  }
}

ReportOfRun OwnReports::read(ReportFormat format, const RunBegin& begin, CountCheck counts) const {
  ReportOfRun all;
  for (const std::string& file : glob(m_directory, m_patterns)) {
    const auto before = m_before.find(file);
    if (before != m_before.end() && before->second == file_signature(m_directory / file)) {
      continue;
    }
    ReportOfRun one = read_runner_report(format, m_directory / file, "", begin, counts);
    if (!one.content || !*one.content) {
      return {.content = Error{ExitCode::input,
                               fmt::format("{}: {}", file,
                                           one.content ? one.content->error().message : "is gone again")},
              .stale = ""};
    }
    all.stale = all.stale.empty() && !one.stale.empty() ? fmt::format("{}: {}", file, one.stale) : all.stale;
    if (!all.content) {
      all.content = std::move(one.content);
    } else {
      add_report(**all.content, **std::move(one.content));
    }
  }
  return all;
}

} // namespace ctest_matrix
