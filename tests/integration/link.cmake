# SPDX-License-Identifier: Apache-2.0
foreach(thing pcsc pcsc_processes)
  oc_test(${thing}_test.c LABEL integration USES oc_link)
endforeach()
