# SPDX-License-Identifier: Apache-2.0
if(TARGET onecard)
  oc_test(cli_judge_test.c LABEL integration USES oc_cli_kit oc_link)
  add_dependencies(cli_judge_test onecard)
  add_test(NAME trace_pcap COMMAND ${CMAKE_CURRENT_LIST_DIR}/trace_pcap.sh $<TARGET_FILE:onecard>
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(trace_pcap PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()
