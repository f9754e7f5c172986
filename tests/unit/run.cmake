# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_run)
  foreach(thing interlock)
    oc_test(run_${thing}_test.c LABEL unit USES oc_run)
  endforeach()
endif()
