# SPDX-License-Identifier: Apache-2.0
# The translations of the command line: share/locale beside the program in the build folder, and installed. Without
# msgfmt (package gettext) it speaks English only.
find_program(OC_MSGFMT msgfmt)
set(OC_WORDS_OUTPUTS "")
if(OC_MSGFMT)
  foreach(language zh_CN)
    set(source ${PROJECT_SOURCE_DIR}/conformance/cli/po/${language}.po)
    set(folder share/locale/${language}/LC_MESSAGES)
    add_custom_command(
      OUTPUT ${PROJECT_BINARY_DIR}/${folder}/onecard.mo
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/${folder}
      COMMAND ${OC_MSGFMT} --check -o ${PROJECT_BINARY_DIR}/${folder}/onecard.mo ${source}
      DEPENDS ${source}
      VERBATIM)
    list(APPEND OC_WORDS_OUTPUTS ${PROJECT_BINARY_DIR}/${folder}/onecard.mo)
    install(FILES ${PROJECT_BINARY_DIR}/${folder}/onecard.mo
      DESTINATION ${CMAKE_INSTALL_LOCALEDIR}/${language}/LC_MESSAGES)
  endforeach()
else()
  message(STATUS "msgfmt (package gettext) is missing: the command line speaks English only")
endif()
add_custom_target(words ALL DEPENDS ${OC_WORDS_OUTPUTS})
