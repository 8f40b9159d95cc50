#[=======================================================================[.rst:
CTestMatrix
-----------

.. command:: matrix_discover_tests

  Adds one CTest test per test file and column of a matrix, and the fixtures that they need::

    matrix_discover_tests(<name>
                          MATRIX <file>
                          [ROOT <directory>]
                          [PROFILE <name>]
                          [PREFIX <text>]
                          [TARGETS <target>...])

  ``<name>``
    The ``name:`` of the matrix; said here too so that a reader of the CMake file knows the tests' fixtures.
  ``MATRIX <file>``
    The matrix, relative to the current source directory.
  ``ROOT <directory>``
    What the paths in the matrix are relative to. Default: the git checkout that holds the matrix.
  ``PROFILE <name>``
    A profile of the matrix. Default: ``default``. The environment variable ``CTEST_MATRIX_PROFILE`` wins when
    CTest runs, for the matrices that have such a profile.
  ``PREFIX <text>``
    A text in front of every test name, for two matrices whose tests have the same names.

  ``TARGETS <target>...``
    Executables of this project that the matrix runs, as ``{target.<target>}`` in its commands. Each is built by a
    fixture before the cells run, in the configuration that CTest runs.

  The tests are generated each time CTest loads them: an edited matrix or a ticked box needs no new CMake run.
#]=======================================================================]
include_guard(GLOBAL)

function(matrix_discover_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MATRIX;ROOT;PROFILE;PREFIX" "TARGETS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "matrix_discover_tests(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}; "
      "expected MATRIX, ROOT, PROFILE, PREFIX, TARGETS")
  endif()
  if(arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "matrix_discover_tests(${name}): no value for ${arg_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT DEFINED arg_MATRIX)
    message(FATAL_ERROR "matrix_discover_tests(${name}): MATRIX <file> is missing")
  endif()
  cmake_path(ABSOLUTE_PATH arg_MATRIX NORMALIZE OUTPUT_VARIABLE matrix)
  if(NOT EXISTS "${matrix}")
    message(FATAL_ERROR "matrix_discover_tests(${name}): the matrix ${matrix} is not there")
  endif()
  if(DEFINED arg_ROOT)
    cmake_path(ABSOLUTE_PATH arg_ROOT NORMALIZE)
  else()
    _ctest_matrix_find_root("${matrix}" arg_ROOT)
  endif()

  set(full_name "${arg_PREFIX}${name}")
  get_property(names GLOBAL PROPERTY _ctest_matrix_suites)
  if(full_name IN_LIST names)
    message(FATAL_ERROR "matrix_discover_tests(${name}): this project has a matrix '${full_name}' already; "
      "tell them apart with PREFIX <text>")
  endif()
  set_property(GLOBAL APPEND PROPERTY _ctest_matrix_suites "${full_name}")

  # A prefix may have slashes; the state is one directory.
  string(REPLACE "/" "_" directory "${full_name}")
  set(state "${CMAKE_BINARY_DIR}/ctest-matrix/${directory}")

  set(CTEST_MATRIX_NAME "${full_name}")
  _ctest_matrix_program("${state}" CTEST_MATRIX_TOOL)
  _ctest_matrix_path_from("${state}" "${matrix}" CTEST_MATRIX_FILE)
  _ctest_matrix_path_from("${state}" "${arg_ROOT}" CTEST_MATRIX_ROOT)
  set(CTEST_MATRIX_PROFILE "${arg_PROFILE}")
  set(CTEST_MATRIX_PREFIX "${arg_PREFIX}")
  set(CTEST_MATRIX_CMAKE "${CMAKE_COMMAND}")
  foreach(value IN ITEMS NAME FILE ROOT PROFILE PREFIX CMAKE)
    if("${CTEST_MATRIX_${value}}]" MATCHES "\\]==\\]|\\$<")
      message(FATAL_ERROR
        "matrix_discover_tests: expected a name or path without ']==' and '$<', got '${CTEST_MATRIX_${value}}'")
    endif()
  endforeach()
  _ctest_matrix_targets("${state}" "${arg_TARGETS}" CTEST_MATRIX_TARGETS)
  # The load-time script is beside this file when installed, in templates/ otherwise.
  set(loader "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/load.cmake.in")
  if(NOT EXISTS "${loader}")
    set(loader "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../templates/load.cmake.in")
  endif()
  configure_file("${loader}" "${state}/load.cmake.gen" @ONLY)
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi_config)
    file(GENERATE OUTPUT "${state}/load-$<CONFIG>.cmake" INPUT "${state}/load.cmake.gen")
    set(default_config "${CMAKE_CONFIGURATION_TYPES}")
    list(GET default_config 0 default_config)
    file(WRITE "${state}/load.cmake"
      "# Loads the tests of the configuration that CTest runs (ctest -C).\n"
      "if(NOT CTEST_CONFIGURATION_TYPE)\n"
      "  set(CTEST_CONFIGURATION_TYPE [==[${default_config}]==])\n"
      "endif()\n"
      "include(\"\${CMAKE_CURRENT_LIST_DIR}/load-\${CTEST_CONFIGURATION_TYPE}.cmake\")\n")
  else()
    file(GENERATE OUTPUT "${state}/load.cmake" INPUT "${state}/load.cmake.gen")
  endif()
  # CTest takes it from the directory that it reads: a copy of this build directory loads its own.
  file(RELATIVE_PATH loader "${CMAKE_CURRENT_BINARY_DIR}" "${state}/load.cmake")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "./${loader}")
endfunction()

# A path as the load-time script says it: from its own directory on, where both would be copied or moved together.
function(_ctest_matrix_path_from state path result)
  string(REGEX MATCH "^/[^/]*" top "${path}")
  string(REGEX MATCH "^/[^/]*" top_of_state "${state}")
  if(top STREQUAL top_of_state)
    file(RELATIVE_PATH path "${state}" "${path}")
  endif()
  set(${result} "${path}" PARENT_SCOPE)
endfunction()

# The program: from the state on where it lies in this build directory, built along or fetched; its place otherwise.
function(_ctest_matrix_program state result)
  set(program "$<TARGET_FILE:CTestMatrix::ctest-matrix>")
  if(TARGET CTestMatrix::ctest-matrix)
    get_target_property(is_imported CTestMatrix::ctest-matrix IMPORTED)
    get_target_property(location CTestMatrix::ctest-matrix IMPORTED_LOCATION)
    cmake_path(IS_PREFIX CMAKE_BINARY_DIR "${location}" NORMALIZE is_ours)
    if(NOT is_imported OR is_ours)
      set(program "$<PATH:RELATIVE_PATH,${program},${state}>")
    endif()
  endif()
  set(${result} "${program}" PARENT_SCOPE)
endfunction()

# Writes what the program is to know of targets, and gives the arguments that say where.
function(_ctest_matrix_targets state targets result)
  set(${result} "" PARENT_SCOPE)
  if(NOT targets)
    file(REMOVE "${state}/targets")
    return()
  endif()
  set(file targets)
  set(text "cmake ${CMAKE_COMMAND}\nbuild ${CMAKE_BINARY_DIR}\nsource ${CMAKE_SOURCE_DIR}\n")
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi_config)
    string(APPEND file "-$<CONFIG>")
    string(APPEND text "config $<CONFIG>\n")
  endif()
  foreach(target IN LISTS targets)
    string(APPEND text "target ${target} $<TARGET_FILE:${target}>\n")
  endforeach()
  file(GENERATE OUTPUT "${state}/${file}" CONTENT "${text}")
  set(${result} "--targets \"\${_ctest_matrix_state}/${file}\"" PARENT_SCOPE)
endfunction()

# The git checkout that holds a file, else the directory of the file.
function(_ctest_matrix_find_root file result)
  cmake_path(GET file PARENT_PATH directory)
  set(${result} "${directory}" PARENT_SCOPE)
  while(TRUE)
    if(EXISTS "${directory}/.git")
      set(${result} "${directory}" PARENT_SCOPE)
      return()
    endif()
    cmake_path(GET directory PARENT_PATH parent)
    if(parent STREQUAL directory)
      return()
    endif()
    set(directory "${parent}")
  endwhile()
endfunction()
