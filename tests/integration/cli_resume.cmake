# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_cli_kit)
  oc_test(cli_resume_test.c LABEL integration USES oc_cli_kit)
  add_dependencies(cli_resume_test onecard)
  set_tests_properties(cli_resume_test PROPERTIES COST 25)
endif()
