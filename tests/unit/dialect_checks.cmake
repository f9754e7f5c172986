# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_dialect)
  foreach(thing fault negative limits touches names observe)
    oc_test(dialect_${thing}_test.c LABEL unit USES oc_dialect_kit oc_test_program)
  endforeach()
endif()
if(TARGET oc_run)
  oc_test(run_siblings_test.c LABEL unit USES oc_run oc_dialect_kit)
endif()
