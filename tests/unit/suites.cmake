# One CTest test for each suite of the unit tests: to start their program takes longer than most of their cases do.
# Usage: cmake -D PROGRAM=<unit_tests> -D OUTPUT=<file of CTest> -P suites.cmake
execute_process(COMMAND "${PROGRAM}" --gtest_list_tests OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "(^|\n)[^ \n]+\\.[^\n]*\n" suites "${listed}")
set(tests "")
foreach(suite IN LISTS suites)
  string(REGEX REPLACE "^\n?([^ ]+)\\..*$" "\\1" name "${suite}")
  string(APPEND tests "add_test([=[unit.${name}]=] [=[${PROGRAM}]=] [=[--gtest_filter=${name}.*]=])\n"
    # To note all of the stack of each allocation takes a quarter of the time.
    "set_tests_properties([=[unit.${name}]=] PROPERTIES ENVIRONMENT ASAN_OPTIONS=malloc_context_size=2)\n")
endforeach()
if(tests STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} lists no suite:\n${listed}")
endif()
file(WRITE "${OUTPUT}" "${tests}")
