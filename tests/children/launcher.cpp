// Supervises one command as `ctest-matrix cell` does: launcher MARKER DEADLINE_MS GRACE_MS COMMAND...
#include "process/process.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

int main(int count, char** words) {
  using namespace ctest_matrix;
  if (count < 5) {
    return 2;
  }
  ProcessSpec spec;
  spec.marker = words[1];
  spec.deadline = Milliseconds(std::atol(words[2]));
  spec.grace = Milliseconds(std::atol(words[3]));
  spec.argv.assign(words + 4, words + count);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    spec.environment.emplace_back(*entry);
  }
  spec.on_output = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
  const Outcome outcome = supervise(spec);
  fmt::print("end={} exit={} signal={} by={} running={} leaked={} error={}\n", static_cast<int>(outcome.end),
             outcome.exit_code, outcome.signal, outcome.interrupted_by, outcome.running.size(),
             outcome.leaked.size(), outcome.error);
  return outcome.end == Outcome::End::exited && outcome.leaked.empty() ? outcome.exit_code : 1;
}
