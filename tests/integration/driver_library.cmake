# SPDX-License-Identifier: Apache-2.0
# Not with a sanitizer, whose runtime the Python program does not have.
if(TARGET onecard AND TARGET SSCardDriver AND NOT OC_SANITIZE)
  add_test(NAME driver_library
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/driver_library/driver_library.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  add_test(NAME driver_library_hsm
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/driver_library/hsm_route.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
  set_tests_properties(driver_library driver_library_hsm PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()
