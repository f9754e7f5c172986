# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_accept)
  foreach(thing order sampling selection table)
    oc_test(accept_${thing}_test.c LABEL unit USES oc_accept oc_test_program)
  endforeach()
endif()
