# SPDX-License-Identifier: Apache-2.0
foreach(thing driver_host_json driver_manifest terminal_answer terminal_manual terminal_spec)
  oc_test(dut_${thing}_test.c LABEL unit USES oc_dut oc_driver_host_json)
endforeach()
# Only from /proc.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  oc_test(dut_modules_test.c LABEL unit USES oc_dut)
endif()
