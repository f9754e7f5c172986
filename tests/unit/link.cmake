# SPDX-License-Identifier: Apache-2.0
foreach(thing t0)
  oc_test(link_${thing}_test.c LABEL unit USES oc_link)
endforeach()
