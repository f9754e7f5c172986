# SPDX-License-Identifier: Apache-2.0
# No output of a run or of the back-end holds a secret of the profile. A library with a sanitizer in it cannot be loaded
# by a program without.
find_package(Python3 COMPONENTS Interpreter)
if(TARGET onecard AND Python3_FOUND)
  set(driver)
  if(TARGET SSCardDriver AND NOT OC_SANITIZE)
    set(driver $<TARGET_FILE:SSCardDriver>)
  endif()
  add_test(NAME secrets COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/secrets_test.py
    $<TARGET_FILE:onecard> ${PROJECT_SOURCE_DIR} ${driver})
  set_tests_properties(secrets PROPERTIES LABELS integration TIMEOUT 240)
endif()
