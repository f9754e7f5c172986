# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_keys)
  oc_library(oc_keys_kit SOURCES ${CMAKE_CURRENT_LIST_DIR}/keys_kit.c USES oc_keys oc_test_support)
  find_package(Python3 COMPONENTS Interpreter)
  if(Python3_FOUND)
    oc_test(keys_exec_test.c LABEL unit USES oc_keys_kit)
    target_compile_definitions(keys_exec_test PRIVATE OC_PYTHON="${Python3_EXECUTABLE}")
  endif()
endif()
