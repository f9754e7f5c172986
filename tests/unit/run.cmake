# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_run)
  foreach(thing card_side fault guard interlock interlock_walk unrestored judge mask plan execute dut slots)
    oc_test(run_${thing}_test.c LABEL unit USES oc_run oc_dialect_kit)
  endforeach()
endif()
