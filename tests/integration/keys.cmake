# SPDX-License-Identifier: Apache-2.0
find_package(Python3 COMPONENTS Interpreter)
if(TARGET onecard AND TARGET oc_token_kit AND Python3_FOUND)
  oc_test(cli_keys_test.c LABEL integration USES oc_cli_kit oc_token_kit)
  add_dependencies(cli_keys_test onecard)
  set_tests_properties(cli_keys_test PROPERTIES COST 25)
  target_compile_definitions(cli_keys_test PRIVATE OC_PYTHON="${Python3_EXECUTABLE}")
endif()
