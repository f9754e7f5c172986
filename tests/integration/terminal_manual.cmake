# SPDX-License-Identifier: Apache-2.0
# An operator who works a terminal, scripted. A library with a sanitizer in it cannot be loaded by an interpreter without.
if(NOT OC_SANITIZE)
  add_test(NAME terminal_manual COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/terminal_manual/operator.py $<TARGET_FILE:onecard>
    $<TARGET_FILE:SSCardDriver> ${PROJECT_BINARY_DIR}/standins ${PROJECT_SOURCE_DIR})
  set_tests_properties(terminal_manual PROPERTIES LABELS integration TIMEOUT 300 COST 50)
endif()
