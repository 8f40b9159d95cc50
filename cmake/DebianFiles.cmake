# What only the Debian package has, put into what cpack is about to pack: its changelog, its licence as
# Debian has it, and what lintian is to know.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(share "${CPACK_TEMPORARY_DIRECTORY}/usr/share")
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # that of SOURCE_DATE_EPOCH, where it is set
string(TIMESTAMP year "%Y" UTC)
file(WRITE "${share}/doc/ctest-matrix/changelog.Debian"
  "ctest-matrix (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) stable; urgency=medium\n\n"
  "  * What has changed is in changelog.gz.\n\n"
  " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
file(RENAME "${share}/doc/ctest-matrix/CHANGELOG.md" "${share}/doc/ctest-matrix/changelog")
execute_process(
  COMMAND gzip -9nf "${share}/doc/ctest-matrix/changelog.Debian" "${share}/doc/ctest-matrix/changelog"
  COMMAND_ERROR_IS_FATAL ANY)
file(WRITE "${share}/doc/ctest-matrix/copyright"
  "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
  "Upstream-Name: ctest-matrix\n\n"
  "Files: *\n"
  "Copyright: ${year} the authors of ctest-matrix\n"
  "License: Apache-2.0\n"
  " The licence is in /usr/share/common-licenses/Apache-2.0.\n")
if(NOT CPACK_DEBIAN_PACKAGE_SHLIBDEPS)
  file(WRITE "${share}/lintian/overrides/ctest-matrix"
    "# It needs nothing where it runs: also in containers without the libraries of this distribution.\n"
    "ctest-matrix: statically-linked-binary [usr/bin/ctest-matrix]\n"
    "ctest-matrix: embedded-library *\n")
endif()
