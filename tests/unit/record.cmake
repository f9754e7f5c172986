# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_record)
  oc_library(oc_record_sample SOURCES ${CMAKE_CURRENT_LIST_DIR}/record_sample.c USES oc_record PkgConfig::CUNIT)
  foreach(thing entry hand_over text journal latency result resume)
    oc_test(record_${thing}_test.c LABEL unit USES oc_record oc_record_sample)
  endforeach()
endif()
