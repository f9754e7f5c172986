# SPDX-License-Identifier: Apache-2.0
if(TARGET onecard)
  oc_library(oc_cli_kit SOURCES ${CMAKE_CURRENT_LIST_DIR}/cli_kit.c USES oc_test_program oc_test_support)
  target_compile_definitions(oc_cli_kit PUBLIC OC_ONECARD="$<TARGET_FILE:onecard>")
  foreach(thing input device latency merge readers run variants)
    oc_test(cli_${thing}_test.c LABEL integration USES oc_cli_kit oc_link PkgConfig::XML2)
    add_dependencies(cli_${thing}_test onecard)
  endforeach()
  oc_test(cli_evidence_test.c LABEL integration USES oc_cli_kit oc_test_signers)
  add_dependencies(cli_evidence_test onecard)
endif()

if(TARGET onecard)
  foreach(thing words progress)
    add_test(NAME cli_${thing} COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/cli_${thing}.sh $<TARGET_FILE:onecard>
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(cli_${thing} PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 240)
  endforeach()
endif()
