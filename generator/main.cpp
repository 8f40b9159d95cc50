// The entry of the program: signals, and what becomes of an error that nobody expected.
#include "cli/cli.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  // A file-size limit is then an error of the write, which is reported, and not the end of this process.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return ctest_matrix::run_cli(argc, argv);
  } catch (const std::exception& exception) {
    fmt::print(stderr, "ctest-matrix: internal error: {}\n", exception.what());
  } catch (...) {
    fmt::print(stderr, "ctest-matrix: internal error\n");
  }
  return 1;
}
