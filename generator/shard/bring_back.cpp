#include "shard/bring_back.hpp"

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"
#include "progress/begun.hpp"
#include "progress/journal.hpp"
#include "progress/journal_file.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Waits for the ends of the cells that a ctest left when it was ended. What goes on for longer is copied
/// without its end.
void await_ends(const fs::path& journal) {
  constexpr Milliseconds k_patience{60'000};
  constexpr Milliseconds k_look{50};
  const Milliseconds deadline = system_clock().monotonic() + k_patience;
  for (;;) {
    const auto newest = read_newest(journal);
    if (!newest || !any_running(*newest, look_for) || system_clock().monotonic() >= deadline) {
      return;
    }
    std::this_thread::sleep_for(k_look);
  }
}

} // namespace

Result<std::string> collect_results(const CommonPlan& common, const fs::path& directory) {
  const fs::path journal = store_paths(common).journal;
  std::error_code error;
  if (!fs::exists(journal, error)) {
    return Error{ExitCode::setup,
                 fmt::format("nothing of the matrix {} has run here: there is no journal at {}", common.name,
                             journal.string())};
  }
  await_ends(journal);
  TRY_ASSIGN(const std::string text, read_file(journal));
  TRY(write_file_atomic(directory / "journal.jsonl", copy_of_journal(text)));
  return fmt::format("wrote {}\n", (directory / "journal.jsonl").string());
}

Result<ResultFiles> results_below(const std::vector<fs::path>& directories) {
  ResultFiles files;
  bool came_back = false;
  std::vector<std::string> names;
  for (const fs::path& directory : directories) {
    names.push_back(directory.string());
    for (const std::string& path : glob(directory, {"**/*.jsonl"})) {
      const auto journal = read_journal(directory / path);
      const bool tells = !journal || !journal->records.empty() || journal->unreadable > 0;
      came_back = came_back || tells;
      // One of a machine that was lost before any cell ended has no record, but may have what began.
      if (tells || !journal->begins.empty()) {
        files.journal.push_back(directory / path);
      }
    }
    for (const std::string& path : glob(directory, {"**/*.xml"})) {
      files.junit.push_back(directory / path);
      came_back = true;
    }
  }
  if (!came_back) {
    return Error{ExitCode::setup,
                 fmt::format("no share came back: there is neither a journal (*.jsonl) nor a file of "
                             "ctest --output-junit (*.xml) below {}",
                             join(names, ", "))};
  }
  return files;
}

} // namespace ctest_matrix
