# SPDX-License-Identifier: Apache-2.0
if(TARGET onecard)
  add_test(NAME host_curl COMMAND ${CMAKE_CURRENT_LIST_DIR}/host_curl.sh $<TARGET_FILE:onecard>
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(host_curl PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()
