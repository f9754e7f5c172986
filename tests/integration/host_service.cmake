# SPDX-License-Identifier: Apache-2.0
# `onecard host` as its clients see it.
find_package(Python3 COMPONENTS Interpreter)
if(TARGET onecard AND Python3_FOUND)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/host_service)
  add_test(NAME host_service_http
    COMMAND ${Python3_EXECUTABLE} -B ${folder}/host_http_test.py $<TARGET_FILE:onecard> ${PROJECT_SOURCE_DIR})
  set_tests_properties(host_service_http PROPERTIES LABELS integration TIMEOUT 120)
  add_test(NAME host_service_ecard
    COMMAND ${Python3_EXECUTABLE} -B ${folder}/ecard_test.py $<TARGET_FILE:onecard> ${PROJECT_SOURCE_DIR})
  set_tests_properties(host_service_ecard PROPERTIES LABELS integration TIMEOUT 60)
  add_test(NAME host_service_signature
    COMMAND ${Python3_EXECUTABLE} -B ${folder}/signature_test.py $<TARGET_FILE:onecard> ${PROJECT_SOURCE_DIR})
  set_tests_properties(host_service_signature PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 60)
  add_test(NAME host_describe
    COMMAND ${Python3_EXECUTABLE} -B ${folder}/describe_test.py $<TARGET_FILE:onecard> ${PROJECT_SOURCE_DIR})
  set_tests_properties(host_describe PROPERTIES LABELS integration TIMEOUT 60)
  # A library with a sanitizer in it cannot be loaded by a program without.
  if(TARGET SSCardDriver AND NOT OC_SANITIZE)
    add_test(NAME host_service_hsm_route
      COMMAND ${Python3_EXECUTABLE} -B ${folder}/hsm_route_test.py $<TARGET_FILE:onecard> $<TARGET_FILE:SSCardDriver>
        ${PROJECT_BINARY_DIR}/standins ${PROJECT_SOURCE_DIR})
    set_tests_properties(host_service_hsm_route PROPERTIES LABELS integration TIMEOUT 60)
  endif()
endif()
