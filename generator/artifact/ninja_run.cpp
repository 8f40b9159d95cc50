#include "artifact/ninja_run.hpp"

#include "artifact/build_files.hpp"
#include "base/cut.hpp"
#include "plan/environment.hpp"
#include "progress/journal.hpp"

namespace ctest_matrix {

NinjaRun run_ninja(const CommonPlan& common, const std::vector<std::string>& arguments, Milliseconds deadline,
                   std::FILE* log) {
  NinjaRun run;
  ProcessSpec spec;
  spec.argv = {"ninja", "-f", artifacts_ninja(common).filename().string()};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.directory = common.places.state;
  spec.environment = *environment_with({}, lookup_in({}));
  spec.marker = "CTEST_MATRIX_NINJA=" + new_record_id(system_clock());
  spec.deadline = deadline;
  spec.on_output = [&](std::string_view chunk) {
    if (log != nullptr) {
      std::fwrite(chunk.data(), 1, chunk.size(), log);
    }
    constexpr std::size_t k_kept = 16 << 10;
    run.output += chunk;
    if (run.output.size() > 2 * k_kept) {
      run.output.erase(0, run.output.size() - last_bytes(run.output, k_kept).size());
    }
  };
  run.outcome = supervise(spec);
  return run;
}

} // namespace ctest_matrix
