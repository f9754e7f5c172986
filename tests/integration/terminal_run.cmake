# SPDX-License-Identifier: Apache-2.0
# A terminal under test, from the command line. A library with a sanitizer in it cannot be loaded by a program without.
if(NOT OC_SANITIZE)
  # Only the way to call it is its own: what a manifest declares.
  add_library(departing_driver MODULE ${CMAKE_CURRENT_SOURCE_DIR}/terminal_run/departing_driver.c)
  target_compile_definitions(departing_driver PRIVATE OC_DRIVER="$<TARGET_FILE:SSCardDriver>")
  target_link_libraries(departing_driver PRIVATE ${CMAKE_DL_LIBS})
  set_target_properties(departing_driver PROPERTIES PREFIX "" C_VISIBILITY_PRESET default
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/nasty)
  add_dependencies(departing_driver SSCardDriver)
  add_test(NAME terminal_run COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/terminal_run/terminal_run.sh $<TARGET_FILE:onecard>
    $<TARGET_FILE:SSCardDriver> ${CMAKE_CURRENT_BINARY_DIR}/nasty ${PROJECT_SOURCE_DIR})
  set_tests_properties(terminal_run PROPERTIES LABELS integration TIMEOUT 600 COST 60)
endif()
