# What `cpack` makes of an installation: an archive and, where its architecture and its dependencies can be told, a Debian
# package.
find_program(CTEST_MATRIX_DPKG dpkg)
find_program(CTEST_MATRIX_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(CTEST_MATRIX_DPKG CTEST_MATRIX_SHLIBDEPS)
if(NOT DEFINED CPACK_GENERATOR)
  set(CPACK_GENERATOR TGZ)
  if(CTEST_MATRIX_DPKG AND (CTEST_MATRIX_SHLIBDEPS OR NOT CTEST_MATRIX_SHARED_LIBRARIES))
    list(APPEND CPACK_GENERATOR DEB)
  endif()
endif()
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_PACKAGE_NAME ctest-matrix)
set(CPACK_PACKAGE_VENDOR "the ctest-matrix project")
if(NOT DEFINED CPACK_PACKAGE_CONTACT)
  set(CPACK_PACKAGE_CONTACT "the ctest-matrix project <ctest-matrix@example.org>") # whoever publishes it says who they are
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
  "Runs one test suite of an outside test runner (vitest, jest, pytest, cargo
nextest, ...) over a matrix of runtimes: a generator reads the matrix and gives
CTest one test per test file and runtime, with artifacts and services as
fixtures and a progress file that people can read.")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES TRUE)
set(CPACK_VERBATIM_VARIABLES TRUE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/DebianFiles.cmake")
set(CPACK_CTEST_MATRIX_PROCESSOR "${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
if(CMAKE_CROSSCOMPILING AND CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
endif()
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ${CTEST_MATRIX_SHARED_LIBRARIES}) # a static program needs none
# CTest comes with CMake; Ninja builds the artifacts of a matrix, git tells the commit of a result.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "cmake (>= 3.25)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "git, ninja-build")

include(CPack)

# npm's tarballs, in `npm/` of the build directory.
set(ctest_matrix_cpu x64)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(ctest_matrix_cpu arm64)
endif()
add_custom_target(npm
  COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:ctest-matrix>" "-DCPU=${ctest_matrix_cpu}"
    "-DVERSION=${PROJECT_VERSION}" -DLICENSE=Apache-2.0 "-DDIRECTORY=${PROJECT_BINARY_DIR}/npm"
    -P "${PROJECT_SOURCE_DIR}/cmake/PackNpm.cmake"
  DEPENDS ctest-matrix VERBATIM)

# A release page's files, in `release/` of the build directory; an apt repository, in `apt/`, of its Debian packages. The
# program for arm64 comes along where the preset `linux-arm64` has built it.
find_program(CTEST_MATRIX_PYTHON python3 HINTS /usr/bin)
mark_as_advanced(CTEST_MATRIX_PYTHON)
set(CTEST_MATRIX_RELEASE_URL "https://example.org/ctest-matrix/${PROJECT_VERSION}" CACHE STRING
  "Where the files of a release will be, for the recipes in it")
add_custom_target(release
  COMMAND "${CTEST_MATRIX_PYTHON}" -B "${PROJECT_SOURCE_DIR}/cmake/release/release.py" --source "${PROJECT_SOURCE_DIR}"
    --version "${PROJECT_VERSION}" --output "${PROJECT_BINARY_DIR}/release" --url "${CTEST_MATRIX_RELEASE_URL}"
    "${PROJECT_BINARY_DIR}" "${PROJECT_BINARY_DIR}/../linux-arm64"
  USES_TERMINAL VERBATIM)
add_custom_target(apt
  COMMAND "${CTEST_MATRIX_PYTHON}" -B "${PROJECT_SOURCE_DIR}/cmake/release/apt.py" --output "${PROJECT_BINARY_DIR}/apt"
    --from "${PROJECT_BINARY_DIR}/release"
  DEPENDS release VERBATIM)
# Everything that an installation has.
add_dependencies(release ctest-matrix)
if(TARGET ctest_matrix_manual)
  add_dependencies(release ctest_matrix_manual)
endif()
