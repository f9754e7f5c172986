# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` places: the program and the data that it reads at run time.

if(TARGET onecard)
  install(TARGETS onecard RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
set(OC_INSTALL_DATA ${CMAKE_INSTALL_DATADIR}/onecard)
install(DIRECTORY vectors DESTINATION ${OC_INSTALL_DATA} FILES_MATCHING PATTERN "*.xml" PATTERN "*.xsd" PATTERN "*.md")
install(DIRECTORY reports DESTINATION ${OC_INSTALL_DATA}
  FILES_MATCHING PATTERN "*.xsd" PATTERN "*.xsl" PATTERN "*.xslt" PATTERN "*.css" PATTERN "*.xml")
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
