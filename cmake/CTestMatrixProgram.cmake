# The program that a release's archive for CMake brings along: a project that fetches it builds nothing, and needs no
# compiler.

# Sets the variable to the program in `programs/` that is for the machine that runs CMake and CTest, and of this version;
# to nothing where there is none, or CTEST_MATRIX_FROM_SOURCE asks for the source.
function(ctest_matrix_brought_program result)
  set(${result} "" PARENT_SCOPE)
  if(CTEST_MATRIX_FROM_SOURCE OR NOT CMAKE_HOST_SYSTEM_NAME STREQUAL "Linux")
    return()
  endif()
  set(cpu "${CMAKE_HOST_SYSTEM_PROCESSOR}")
  if(cpu MATCHES "^(x86_64|amd64|AMD64)$")
    set(cpu x64)
  elseif(cpu MATCHES "^(aarch64|arm64)$")
    set(cpu arm64)
  endif()
  set(program "${CTestMatrix_SOURCE_DIR}/programs/linux-${cpu}/ctest-matrix")
  if(NOT EXISTS "${program}")
    return()
  endif()
  execute_process(COMMAND "${program}" --version OUTPUT_VARIABLE version ERROR_VARIABLE error RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0 OR NOT version STREQUAL "ctest-matrix ${CTestMatrix_VERSION}")
    message(STATUS "${program} does not run here (${status} ${version}${error}): ctest-matrix is built from its source")
    return()
  endif()
  set(${result} "${program}" PARENT_SCOPE)
endfunction()
