# How the project's own targets are compiled: C++20, warnings, and in the dev preset warnings as errors and sanitizers.
add_library(ctest_matrix_compile INTERFACE)
target_compile_features(ctest_matrix_compile INTERFACE cxx_std_20)
target_compile_options(ctest_matrix_compile INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)

# A char has a sign, as on x86: what asks `c >= 0` of a byte asks whether it is ASCII.
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  target_compile_options(ctest_matrix_compile INTERFACE -fsigned-char)
endif()

# The same program, wherever it was built.
target_compile_options(ctest_matrix_compile INTERFACE
  $<$<CONFIG:Release>:-ffile-prefix-map=${CTestMatrix_SOURCE_DIR}/=>)

# What is not asked often, and is half of the program.
add_library(ctest_matrix_small INTERFACE)
target_compile_options(ctest_matrix_small INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:-Os>)

# The program alone is static: the tests, and what they link, have no use for that.
if(CTEST_MATRIX_DEV AND NOT CTEST_MATRIX_SHARED_LIBRARIES)
  message(FATAL_ERROR "CTEST_MATRIX_DEV has sanitizers, which need CTEST_MATRIX_SHARED_LIBRARIES=ON")
endif()
add_library(ctest_matrix_link INTERFACE)
if(NOT CTEST_MATRIX_SHARED_LIBRARIES)
  target_link_options(ctest_matrix_link INTERFACE -static -Wl,--gc-sections)
endif()

# AddressSanitizer reports null pointers, too; to have UndefinedBehaviorSanitizer look for them takes as long as the rest.
# A target that only tests says CTEST_MATRIX_ONLY_TESTS: what it tests has that sanitizer, it needs none itself.
if(CTEST_MATRIX_DEV)
  target_compile_options(ctest_matrix_compile INTERFACE
    -Werror -fsanitize=address -fno-sanitize-recover=all -fno-omit-frame-pointer
    "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:CTEST_MATRIX_ONLY_TESTS>>>:-fsanitize=undefined;-fno-sanitize=null,alignment>"
    # Globals are texts here, nearly all of them; to register each one was a third of every start.
    "SHELL:--param asan-globals=0")
  # Tests start the program ten thousand times: without hundreds of thousands of relocations it starts in half of the time.
  target_link_options(ctest_matrix_compile INTERFACE
    -fsanitize=address,undefined -static-libasan -static-libubsan -no-pie)
endif()

# The sources of a room are compiled as one, in a third of the time, unless CMAKE_UNITY_BUILD says otherwise; but for those
# that include a library of which nothing must reach their neighbours.
function(ctest_matrix_unity_by_room target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  if(NOT DEFINED CMAKE_UNITY_BUILD)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON)
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "/(json|xml|yaml_tree|fmt_library)\\.cpp$")
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH room)
    cmake_path(GET room FILENAME room)
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${room}")
  endforeach()
endfunction()
