# SPDX-License-Identifier: Apache-2.0
if(TARGET onecard)
  foreach(name curl foreign tls)
    add_test(NAME host_${name} COMMAND ${CMAKE_CURRENT_LIST_DIR}/host_${name}.sh $<TARGET_FILE:onecard>
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(host_${name} PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)
  endforeach()
endif()
