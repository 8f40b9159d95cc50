# The public CMake function of ctest-matrix.
