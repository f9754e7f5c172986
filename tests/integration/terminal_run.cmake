# SPDX-License-Identifier: Apache-2.0
# A terminal under test, from the command line. A library with a sanitizer in it cannot be loaded by a program without.
if(NOT OC_SANITIZE)
  add_test(NAME terminal_run COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/terminal_run/terminal_run.sh $<TARGET_FILE:onecard>
    $<TARGET_FILE:SSCardDriver> ${CMAKE_CURRENT_BINARY_DIR}/nasty ${PROJECT_SOURCE_DIR})
  set_tests_properties(terminal_run PROPERTIES LABELS integration TIMEOUT 600)
endif()
