# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_judge)
  oc_library(oc_judge_kit SOURCES ${CMAKE_CURRENT_LIST_DIR}/judge_kit.c USES oc_judge oc_dialect_kit)
  foreach(thing capture match rules session)
    oc_test(judge_${thing}_test.c LABEL unit USES oc_judge_kit oc_test_program)
  endforeach()
endif()
