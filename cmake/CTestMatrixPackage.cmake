# What find_package(CTestMatrix) finds: in the build directory (CTestMatrix_DIR), and in the prefix of an installation.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

write_basic_package_version_file("${CTestMatrix_BINARY_DIR}/CTestMatrixConfigVersion.cmake"
  VERSION "${CTestMatrix_VERSION}"
  COMPATIBILITY SameMinorVersion) # before 1.0 a minor version may change what users write

set(CTEST_MATRIX_MODULE "${CTestMatrix_SOURCE_DIR}/cmake/CTestMatrix.cmake")
configure_package_config_file(cmake/CTestMatrixConfig.cmake.in "${CTestMatrix_BINARY_DIR}/CTestMatrixConfig.cmake"
  INSTALL_PREFIX "${CTestMatrix_BINARY_DIR}"
  INSTALL_DESTINATION "${CTestMatrix_BINARY_DIR}"
  PATH_VARS CTEST_MATRIX_MODULE
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
export(TARGETS ctest-matrix NAMESPACE CTestMatrix:: FILE "${CTestMatrix_BINARY_DIR}/CTestMatrixTargets.cmake")

if(CTEST_MATRIX_INSTALL)
  set(destination "${CMAKE_INSTALL_LIBDIR}/cmake/CTestMatrix")
  set(CTEST_MATRIX_MODULE "${destination}/CTestMatrix.cmake")
  configure_package_config_file(cmake/CTestMatrixConfig.cmake.in
    "${CTestMatrix_BINARY_DIR}/installed/CTestMatrixConfig.cmake"
    INSTALL_DESTINATION "${destination}"
    PATH_VARS CTEST_MATRIX_MODULE
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
  install(TARGETS ctest-matrix EXPORT CTestMatrixTargets RUNTIME COMPONENT ctest-matrix)
  install(EXPORT CTestMatrixTargets NAMESPACE CTestMatrix:: DESTINATION "${destination}" COMPONENT ctest-matrix)
  install(FILES
    "${CTestMatrix_BINARY_DIR}/installed/CTestMatrixConfig.cmake"
    "${CTestMatrix_BINARY_DIR}/CTestMatrixConfigVersion.cmake"
    cmake/CTestMatrix.cmake
    templates/load.cmake.in
    DESTINATION "${destination}" COMPONENT ctest-matrix)
  install(FILES templates/matrix.schema.json
    DESTINATION "${CMAKE_INSTALL_DATADIR}/ctest-matrix" COMPONENT ctest-matrix)
  install(FILES README.md CHANGELOG.md
    DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/ctest-matrix" COMPONENT ctest-matrix)
  foreach(part IN ITEMS cmake generator templates)
    install(FILES ${part}/README.md
      DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/ctest-matrix/${part}" COMPONENT ctest-matrix)
  endforeach()
  install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/ctest-matrix" RENAME copyright
    COMPONENT ctest-matrix)
  install(FILES templates/completion/bash DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
    RENAME ctest-matrix COMPONENT ctest-matrix)
  install(FILES templates/completion/zsh DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions"
    RENAME _ctest-matrix COMPONENT ctest-matrix)
  install(FILES templates/completion/fish DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d"
    RENAME ctest-matrix.fish COMPONENT ctest-matrix)
  if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR) # the program prints its page
    set(page "${CTestMatrix_BINARY_DIR}/installed/ctest-matrix.1")
    add_custom_command(OUTPUT "${page}.gz" COMMAND ctest-matrix manual "${page}" COMMAND gzip -9nf "${page}"
      DEPENDS ctest-matrix COMMENT "Writing the manual page" VERBATIM)
    add_custom_target(ctest_matrix_manual ALL DEPENDS "${page}.gz")
    install(FILES "${page}.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT ctest-matrix
      OPTIONAL) # where only the program was built
  endif()
endif()
