# The libraries that the program is built with: as static archives, so that it needs nothing where it runs, or shared.
# Nothing is downloaded: a missing one is an error that names its package.

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

# _ctest_matrix_static(<target> <archive> <Debian package> <static target>...)
# Appends to ctest_matrix_libraries the first of the static targets that there is, <target> when it is static itself, else a
# target of the archive, which has the headers of <target>.
function(_ctest_matrix_static target archive debian)
  foreach(candidate IN LISTS ARGN ITEMS ${target})
    if(TARGET ${candidate})
      get_target_property(type ${candidate} TYPE)
      if(type STREQUAL "STATIC_LIBRARY")
        set(ctest_matrix_libraries ${ctest_matrix_libraries} ${candidate} PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
  find_library(CTEST_MATRIX_STATIC_${archive} NAMES lib${archive}.a)
  mark_as_advanced(CTEST_MATRIX_STATIC_${archive})
  if(NOT CTEST_MATRIX_STATIC_${archive})
    message(FATAL_ERROR
      "ctest-matrix is linked statically, and lib${archive}.a was not found: it is in Debian's ${debian}.\n"
      "Where there are no static archives, link with shared libraries: -DCTEST_MATRIX_SHARED_LIBRARIES=ON\n")
  endif()
  add_library(ctest_matrix_${archive} STATIC IMPORTED GLOBAL)
  set_target_properties(ctest_matrix_${archive} PROPERTIES
    IMPORTED_LOCATION "${CTEST_MATRIX_STATIC_${archive}}"
    INTERFACE_INCLUDE_DIRECTORIES "$<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>")
  set(ctest_matrix_libraries ${ctest_matrix_libraries} ctest_matrix_${archive} PARENT_SCOPE)
endfunction()

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

# What the program links: ctest_matrix_libraries are its own, fmt and threads go to all that use its headers.
if(CTEST_MATRIX_SHARED_LIBRARIES)
  set(ctest_matrix_libraries yaml-cpp pugixml::pugixml ZLIB::ZLIB)
  set(ctest_matrix_fmt fmt::fmt)
  return()
endif()
set(ctest_matrix_libraries)
_ctest_matrix_static(yaml-cpp yaml-cpp libyaml-cpp-dev yaml-cpp::yaml-cpp)
_ctest_matrix_static(pugixml::pugixml pugixml libpugixml-dev pugixml::static)
_ctest_matrix_static(ZLIB::ZLIB z zlib1g-dev)
get_target_property(_ctest_matrix_fmt_type fmt::fmt TYPE)
if(_ctest_matrix_fmt_type STREQUAL "STATIC_LIBRARY")
  set(ctest_matrix_fmt fmt::fmt)
elseif(fmt_VERSION VERSION_LESS 10)
  # Header-only, each file would compile the library; it is compiled once instead.
  add_library(ctest_matrix_fmt STATIC "${CMAKE_CURRENT_SOURCE_DIR}/generator/base/fmt_library.cpp")
  target_compile_features(ctest_matrix_fmt PUBLIC cxx_std_20)
  target_include_directories(ctest_matrix_fmt SYSTEM INTERFACE
    "$<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>")
  target_compile_definitions(ctest_matrix_fmt INTERFACE "$<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>")
  set(ctest_matrix_fmt ctest_matrix_fmt)
else()
  set(ctest_matrix_fmt fmt::fmt-header-only)
endif()
