# ctest-matrix as a port of vcpkg, for an overlay: vcpkg install ctest-matrix --overlay-ports=<the directory above this one>
vcpkg_download_distfile(archive
  URLS "@URL@"
  FILENAME "ctest-matrix-@VERSION@-source.tar.gz"
  SHA512 @SHA512@)
vcpkg_extract_source_archive(source ARCHIVE "${archive}")

vcpkg_cmake_configure(SOURCE_PATH "${source}"
  OPTIONS -DBUILD_TESTING=OFF -DCTEST_MATRIX_SHARED_LIBRARIES=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME CTestMatrix CONFIG_PATH lib/cmake/CTestMatrix)
vcpkg_copy_tools(TOOL_NAMES ctest-matrix AUTO_CLEAN)

# A program, and a module of CMake: there is nothing to compile against.
set(VCPKG_POLICY_EMPTY_INCLUDE_FOLDER enabled)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug")
vcpkg_install_copyright(FILE_LIST "${source}/LICENSE")
