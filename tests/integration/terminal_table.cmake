# SPDX-License-Identifier: Apache-2.0
# What the vectors try of terminals, and what a record says of one.
find_package(Python3 COMPONENTS Interpreter)
if(TARGET onecard AND Python3_FOUND)
  add_test(NAME terminal_table COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/terminal_table.py $<TARGET_FILE:onecard>
    ${PROJECT_SOURCE_DIR} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(terminal_table PROPERTIES LABELS integration TIMEOUT 240)
endif()
if(TARGET onecard AND TARGET SSCardDriver AND Python3_FOUND AND NOT OC_SANITIZE)
  add_test(NAME terminal_record COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/terminal_record.py
    $<TARGET_FILE:onecard> $<TARGET_FILE:SSCardDriver> ${PROJECT_SOURCE_DIR} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(terminal_record PROPERTIES LABELS integration TIMEOUT 120)
endif()
