# SPDX-License-Identifier: Apache-2.0
foreach(thing spec answer)
  oc_test(dut_terminal_${thing}_test.c LABEL unit USES oc_dut)
endforeach()
