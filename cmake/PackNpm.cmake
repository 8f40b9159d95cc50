# Makes npm's tarballs: ctest-matrix, which starts the program, and @ctest-matrix/linux-<cpu>, which holds it.
# cmake -DPROGRAM=<ctest-matrix> -DCPU=<x64|arm64> -DVERSION=<1.2.3> -DLICENSE=<SPDX id> -DDIRECTORY=<where to>
#   -P PackNpm.cmake
cmake_policy(VERSION 3.25)
get_filename_component(source "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(PLATFORM "linux-${CPU}")
set(PACKAGE "@ctest-matrix/${PLATFORM}")
set(platforms x64 arm64)
list(TRANSFORM platforms REPLACE ".+" "    \"@ctest-matrix/linux-\\0\": \"${VERSION}\"")
list(JOIN platforms ",\n" PLATFORMS)

# pack(<tarball> <manifest>): of what lies in `package`; the same bytes whenever it is made.
function(pack tarball manifest)
  configure_file("${source}/cmake/npm/${manifest}" "${work}/package/package.json" @ONLY)
  configure_file("${source}/LICENSE" "${work}/package/LICENSE" COPYONLY)
  configure_file("${source}/README.md" "${work}/package/README.md" COPYONLY)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E tar cf package.tar --format=gnutar "--mtime=1985-10-26 08:15:00 UTC" package
    COMMAND_ERROR_IS_FATAL ANY WORKING_DIRECTORY "${work}")
  execute_process(COMMAND gzip -9n package.tar COMMAND_ERROR_IS_FATAL ANY WORKING_DIRECTORY "${work}")
  file(RENAME "${work}/package.tar.gz" "${DIRECTORY}/${tarball}")
  message(STATUS "${DIRECTORY}/${tarball}")
endfunction()

file(MAKE_DIRECTORY "${DIRECTORY}")
set(work "${DIRECTORY}/launcher")
file(REMOVE_RECURSE "${work}")
file(COPY "${source}/cmake/npm/ctest-matrix.js" DESTINATION "${work}/package/bin"
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
pack("ctest-matrix-${VERSION}.tgz" package.json.in)
file(REMOVE_RECURSE "${work}")

set(work "${DIRECTORY}/program")
file(REMOVE_RECURSE "${work}")
file(COPY "${PROGRAM}" DESTINATION "${work}/package/bin")
pack("ctest-matrix-linux-${CPU}-${VERSION}.tgz" platform.json.in)
file(REMOVE_RECURSE "${work}")
