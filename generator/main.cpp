#include "cli.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    return ctest_matrix::run_cli(argc, argv);
  } catch (const std::exception& exception) {
    fmt::print(stderr, "ctest-matrix: internal error: {}\n", exception.what());
  } catch (...) {
    fmt::print(stderr, "ctest-matrix: internal error\n");
  }
  return 1;
}
