# SPDX-License-Identifier: Apache-2.0
add_test(NAME foreign_clients
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/foreign_clients/foreign_clients.sh $<TARGET_FILE:onecard> ${PROJECT_SOURCE_DIR})
set_tests_properties(foreign_clients PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)
