# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` places beside the program (conformance/CMakeLists.txt): the data that it reads at run time.

set(OC_INSTALL_DATA ${CMAKE_INSTALL_DATADIR}/onecard)
install(DIRECTORY vectors DESTINATION ${OC_INSTALL_DATA}
  FILES_MATCHING PATTERN "*.xml" PATTERN "*.xsd" PATTERN "*.md" PATTERN "*.csv")
install(DIRECTORY reports DESTINATION ${OC_INSTALL_DATA}
  FILES_MATCHING PATTERN "*.xsd" PATTERN "*.xsl" PATTERN "*.xml" PATTERN "*.js" PATTERN "*.md")
install(FILES LICENSE README.md README.zh-CN.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
