// The reports that a runner writes at places of its own (`report_files`): which of them are of a run.
#pragma once

#include "cell/read_runner_report.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {

/// Made before a run: what was there then is none of its reports, unless it is written anew.
class OwnReports {
public:
  /// Patterns as of base/glob.hpp, below the directory.
  OwnReports(std::filesystem::path directory, std::vector<std::string> patterns);

  /// The report of the run that is over: all files that were written since, as one. Nothing where none was.
  /// A file that cannot be read is an error of the whole, with its name.
  ReportOfRun read(ReportFormat format, const RunBegin& begin, CountCheck counts) const;

private:
  std::filesystem::path m_directory;
  std::vector<std::string> m_patterns;
  std::map<std::string, std::string> m_before; ///< what changes when a file is written, by its name
};

} // namespace ctest_matrix
