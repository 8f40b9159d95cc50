# The libraries that the program is built with. Nothing is downloaded: a missing one is an error that names its package.

# _ctest_matrix_require(<found> <library> <Debian package> <Homebrew package>)
macro(_ctest_matrix_require found library debian homebrew)
  if(NOT ${found})
    list(APPEND _ctest_matrix_missing
      "  ${library}: Debian package ${debian}, Homebrew package ${homebrew}\n")
    list(APPEND _ctest_matrix_missing_debian ${debian})
    list(APPEND _ctest_matrix_missing_homebrew ${homebrew})
  endif()
endmacro()

set(_ctest_matrix_missing)
set(_ctest_matrix_missing_debian)
set(_ctest_matrix_missing_homebrew)

find_package(Threads REQUIRED)
find_package(nlohmann_json 3.10 QUIET)
_ctest_matrix_require(nlohmann_json_FOUND "nlohmann_json" nlohmann-json3-dev nlohmann-json)
find_package(fmt 9 QUIET)
_ctest_matrix_require(fmt_FOUND "fmt" libfmt-dev fmt)
find_package(yaml-cpp 0.7 QUIET)
_ctest_matrix_require(yaml-cpp_FOUND "yaml-cpp" libyaml-cpp-dev yaml-cpp)
find_package(CLI11 2.1 QUIET)
_ctest_matrix_require(CLI11_FOUND "CLI11" libcli11-dev cli11)
find_package(pugixml 1.11 QUIET)
_ctest_matrix_require(pugixml_FOUND "pugixml" libpugixml-dev pugixml)
find_package(ZLIB QUIET)
_ctest_matrix_require(ZLIB_FOUND "zlib" zlib1g-dev zlib)
if(PROJECT_IS_TOP_LEVEL AND NOT CTEST_MATRIX_DEMO AND (NOT DEFINED BUILD_TESTING OR BUILD_TESTING))
  find_package(GTest QUIET)
  _ctest_matrix_require(GTest_FOUND "GoogleTest" "libgtest-dev;libgmock-dev" googletest)
endif()

if(_ctest_matrix_missing)
  list(JOIN _ctest_matrix_missing "" _ctest_matrix_missing)
  list(JOIN _ctest_matrix_missing_debian " " _ctest_matrix_missing_debian)
  list(JOIN _ctest_matrix_missing_homebrew " " _ctest_matrix_missing_homebrew)
  message(FATAL_ERROR
    "ctest-matrix needs libraries that were not found:\n${_ctest_matrix_missing}"
    "Install them with\n"
    "  apt-get install ${_ctest_matrix_missing_debian}\n"
    "or\n"
    "  brew install ${_ctest_matrix_missing_homebrew}\n")
endif()
