# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_run)
  foreach(thing card_side fault guard interlock interlock_walk unrestored judge mask plan execute dut slots)
    oc_test(run_${thing}_test.c LABEL unit USES oc_run oc_dialect_kit)
  endforeach()
  # With the rules of runs of record, which are the command line's.
  oc_test(run_ics_test.c LABEL unit USES oc_run)
  target_sources(run_ics_test PRIVATE ${PROJECT_SOURCE_DIR}/conformance/cli/official.c)
endif()
