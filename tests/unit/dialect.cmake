# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_dialect)
  oc_library(oc_dialect_kit SOURCES ${CMAKE_CURRENT_LIST_DIR}/dialect_kit.c USES oc_dialect oc_test_support)
  foreach(thing value terms function load lint)
    oc_test(dialect_${thing}_test.c LABEL unit USES oc_dialect_kit oc_test_program)
  endforeach()
endif()
