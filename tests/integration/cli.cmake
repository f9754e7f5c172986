# SPDX-License-Identifier: Apache-2.0
if(TARGET onecard)
  oc_library(oc_cli_kit SOURCES ${CMAKE_CURRENT_LIST_DIR}/cli_kit.c USES oc_test_program oc_test_support)
  target_compile_definitions(oc_cli_kit PUBLIC OC_ONECARD="$<TARGET_FILE:onecard>")
  foreach(thing input device latency merge readers run variants)
    oc_test(cli_${thing}_test.c LABEL integration USES oc_cli_kit oc_link PkgConfig::XML2)
    add_dependencies(cli_${thing}_test onecard)
  endforeach()
endif()
