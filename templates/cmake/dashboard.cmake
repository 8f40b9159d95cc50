# Runs the tests and sends what came of them to a CDash server, with the progress file as a note:
#
#   ctest -S dashboard.cmake "-DCDASH=https://cdash.example.org/submit.php?project=@NAME@"
#
# More definitions: -DMODEL=Nightly (default: Experimental), -DPROFILE=<of the matrix>, -DSET=<axis>=<value>,
# -DLABEL=<regular expression>, -DSITE=<name of this machine>, -DBUILD=<build directory>,
# -DCTEST_MATRIX=<the program ctest-matrix>. Without CDASH nothing is sent.
cmake_minimum_required(VERSION 3.25)

foreach(default IN ITEMS MODEL=Experimental PROFILE=default "BUILD=${CTEST_SCRIPT_DIRECTORY}/build")
  string(REGEX MATCH "^([A-Z]+)=(.*)$" default "${default}")
  if("${${CMAKE_MATCH_1}}" STREQUAL "")
    set("${CMAKE_MATCH_1}" "${CMAKE_MATCH_2}")
  endif()
endforeach()
get_filename_component(BUILD "${BUILD}" ABSOLUTE)
if(NOT SITE)
  cmake_host_system_information(RESULT SITE QUERY HOSTNAME)
endif()
find_program(CTEST_MATRIX ctest-matrix REQUIRED)
set(ENV{CTEST_MATRIX_PROFILE} "${PROFILE}")
set(ENV{CTEST_MATRIX_SET} "${SET}")
set(matrix "${CTEST_SCRIPT_DIRECTORY}/matrix.yaml" --build-dir "${BUILD}" --profile "${PROFILE}")
set(settings "${SET}")
list(TRANSFORM settings PREPEND "--set=")

# Runs of other profiles, settings and selections are other builds: CDash compares a build with its predecessor.
set(CTEST_SITE "${SITE}")
set(CTEST_BUILD_NAME "@NAME@")
foreach(part IN LISTS PROFILE SET LABEL)
  string(APPEND CTEST_BUILD_NAME " ${part}")
endforeach()
set(CTEST_SOURCE_DIRECTORY "${CTEST_SCRIPT_DIRECTORY}")
set(CTEST_BINARY_DIRECTORY "${BUILD}")
if(NOT DEFINED CTEST_NIGHTLY_START_TIME)
  set(CTEST_NIGHTLY_START_TIME "00:00:00 UTC")
endif()

if(NOT EXISTS "${BUILD}/CTestTestfile.cmake")
  execute_process(COMMAND "${CTEST_MATRIX}" generate ${matrix} COMMAND_ERROR_IS_FATAL ANY)
endif()
ctest_start("${MODEL}")
ctest_test(INCLUDE_LABEL "${LABEL}" RETURN_VALUE failed)

# A run of no test is not a good one.
file(STRINGS "${BUILD}/Testing/TAG" tag LIMIT_COUNT 1)
file(STRINGS "${BUILD}/Testing/${tag}/Test.xml" tests REGEX "<Test Status=" LIMIT_COUNT 1)

# What CTest alone knows (a test that was killed) goes into the progress file, too.
# The file may be of another configuration; then it stays as it is, and is no note of this run.
execute_process(COMMAND "${CTEST_MATRIX}" progress ${matrix} ${settings} OUTPUT_VARIABLE progress)
set(parts Test)
if(progress MATCHES "^([^\n]+): [0-9]+ new result")
  set(CTEST_NOTES_FILES "${CMAKE_MATCH_1}")
  list(APPEND parts Notes)
endif()
message("${progress}")

if(CDASH)
  set(CTEST_SUBMIT_URL "${CDASH}")
  ctest_submit(PARTS ${parts} Done RETRY_COUNT 3 RETRY_DELAY 5 RETURN_VALUE unsent)
  if(unsent)
    message(FATAL_ERROR "the results could not be sent to ${CDASH}")
  endif()
endif()
if(NOT tests)
  message(FATAL_ERROR "no test ran")
elseif(failed)
  message(FATAL_ERROR "some tests failed")
endif()
