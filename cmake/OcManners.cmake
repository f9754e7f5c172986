# SPDX-License-Identifier: Apache-2.0
# What a user expects beside a program: manual pages (with help2man) and completions, made from what it says itself.
# Builds for development leave them out: they would be made at each link.
find_program(OC_HELP2MAN help2man)
find_program(OC_BASH bash)
set(default ON)
if(CMAKE_BUILD_TYPE STREQUAL "Debug" OR OC_SANITIZE OR OC_COVERAGE OR NOT OC_BASH)
  set(default OFF)
endif()
option(OC_MANNERS "Make manual pages and completions" ${default})
if(OC_MANNERS)
  set(scripts ${PROJECT_SOURCE_DIR}/conformance/cli)
  set(share ${PROJECT_BINARY_DIR}/share)
  add_custom_command(
    OUTPUT ${share}/completions/bash/onecard ${share}/completions/zsh/_onecard
    COMMAND ${OC_BASH} ${scripts}/completion/completions.sh $<TARGET_FILE:onecard> ${share}/completions
    DEPENDS onecard ${scripts}/completion/completions.sh ${scripts}/completion/onecard.bash
            ${scripts}/completion/onecard.zsh
    VERBATIM)
  add_custom_target(completions ALL DEPENDS ${share}/completions/bash/onecard)
  install(FILES ${share}/completions/bash/onecard DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${share}/completions/zsh/_onecard DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
  if(OC_HELP2MAN)
    file(GLOB pages CONFIGURE_DEPENDS ${scripts}/man/*)
    add_custom_command(
      OUTPUT ${share}/man/man1/onecard.1.gz
      COMMAND ${OC_BASH} ${scripts}/man/pages.sh $<TARGET_FILE:onecard> ${PROJECT_VERSION} ${share}/man
      DEPENDS onecard ${pages}
      VERBATIM)
    add_custom_target(manual ALL DEPENDS ${share}/man/man1/onecard.1.gz)
    install(DIRECTORY ${share}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR})
  else()
    message(STATUS "help2man is missing: there will be no manual pages")
  endif()
endif()
