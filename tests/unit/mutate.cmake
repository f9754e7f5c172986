# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_mutate)
  foreach(thing catalogue score)
    oc_test(mutate_${thing}_test.c LABEL unit USES oc_mutate oc_test_program)
  endforeach()
endif()
