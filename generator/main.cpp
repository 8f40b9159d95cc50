// The entry of the program: signals, descriptors, and what becomes of an error that nobody expected.
#include "base/result.hpp"
#include "cli/cli.hpp"
#include "process/parent.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

/// Input and output that the caller closed: the next file that is opened would be taken for them.
void replace_closed_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) < 0) {
      open("/dev/null", O_RDWR); // gets the lowest number that is free
    }
  }
}

/// What could not be printed is a failure, whatever else went well.
int with_output(int code) {
  const bool failed_before = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !failed_before) {
    return code;
  }
  std::fputs("ctest-matrix: the output could not be written\n", stderr);
  return static_cast<int>(ctest_matrix::ExitCode::internal);
}

} // namespace

int main(int argc, char** argv) {
  ctest_matrix::note_parent();
  // A file-size limit is then an error of the write, which is reported, and not the end of this process.
  std::signal(SIGXFSZ, SIG_IGN);
  replace_closed_descriptors();
  try {
    return with_output(ctest_matrix::run_cli(argc, argv));
  } catch (const std::exception& exception) {
    if (std::ferror(stdout) != 0) { // fmt throws what it cannot print
      return with_output(1);
    }
    std::fprintf(stderr, "ctest-matrix: internal error: %s\n", exception.what()); // throws nothing
  } catch (...) {
    std::fputs("ctest-matrix: internal error\n", stderr);
  }
  return 1;
}
