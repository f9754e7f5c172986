# SPDX-License-Identifier: Apache-2.0
# cpack -G DEB, after a build, makes a Debian package of what `cmake --install` places.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME onecard)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The onecard project <onecard@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulator of China's social security card and conformance harness")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Virtual social security cards, PSAMs, terminals and back-ends, and test cases
for each of them as data: a card, a terminal or a back-end is judged against
requirements with their sources, and the result is a record from which reports
in Chinese and English, evidence bundles and files for pipelines are made.
.
Cards and persons are synthetic. No report of this program is a certificate.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "pcscd, vsmartcard-vpcd")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
  "chromium, fonts-noto-cjk, wireshark | tshark, softhsm2, slurm-client, parallel, xmlsec1")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/cmake/debian/triggers)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
find_program(OC_GZIP gzip)
if(OC_GZIP)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/debian/changelog.in ${PROJECT_BINARY_DIR}/debian/changelog @ONLY)
  execute_process(COMMAND ${OC_GZIP} -9nf ${PROJECT_BINARY_DIR}/debian/changelog)
  install(FILES ${PROJECT_BINARY_DIR}/debian/changelog.gz cmake/debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
include(CPack)
