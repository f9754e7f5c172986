# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_statistics)
  foreach(thing order difference histogram)
    oc_test(latency_${thing}_test.c LABEL unit USES oc_statistics)
  endforeach()
endif()
