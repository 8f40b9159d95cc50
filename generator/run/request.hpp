// What `ctest-matrix run` was asked to do.
#pragma once

#include "base/result.hpp"
#include "plan/handed_on.hpp"

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Which of the rows' boxes a run goes through.
enum class RunScope {
  open,   ///< those that are not ticked
  failed, ///< the cells whose latest result is a failure
};

enum class RunStart { resume, reset };

enum class OnFailure { stop, go_on };

struct RunRequest {
  RunStart start = RunStart::resume;
  RunScope scope = RunScope::open;
  OnFailure on_failure = OnFailure::stop;
  std::string only;              ///< one row, ticked or not, excluded or not; empty: all
  std::string from;              ///< rows before this one are left alone; empty: none
  std::vector<std::string> skip; ///< rows
  std::vector<std::pair<std::string, std::string>> axes; ///< runtime=wasm, encoding=cbor; `both` means all
  bool stale = false; ///< also ticked cells whose tick is older than what it depends on
  std::set<std::string>
      included{}; ///< excluded rows that are to run, too, or `k_all_rows` (ctest/script.hpp)
  int jobs = 1;
  std::filesystem::path failed_of{}; ///< the cells that failed by this journal or archive; empty: none
  bool past_known = false;           ///< the failures of the matrix's ledger do not stop it
  std::filesystem::path baseline{};  ///< the failures that do not stop it; empty: none
  HandedOn handed{};                 ///< to the runners
};

/// The words of a command line that are no axes.
constexpr std::array<std::string_view, 5> k_run_words{"only", "from", "skip", "reset", "resume"};

/// Reads the words of a command line: `reset`, `resume`, `only FILE`, `from FILE`, `skip FILE`, and any other
/// word with a value as an axis: `runtime wasm`, `encoding cbor`. Error (usage): a word without its value, or
/// two that contradict each other.
Result<void> read_words(const std::vector<std::string>& words, RunRequest& request);

/// Error (usage): what words and options ask for together cannot be: an axis with two values, what failed
/// last of a run that begins anew.
Result<void> check_request(const RunRequest& request);

} // namespace ctest_matrix
