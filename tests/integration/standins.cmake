# SPDX-License-Identifier: Apache-2.0
# Stand-in reader libraries, as the programs see them that load them.
set(folder ${PROJECT_BINARY_DIR}/standins)
oc_test(standins_pcsc_test.c LABEL integration USES oc_link)
add_dependencies(standins_pcsc_test oc_standin_pcsc)
set_tests_properties(standins_pcsc_test PROPERTIES ENVIRONMENT LD_LIBRARY_PATH=${folder})

add_executable(standins_probe standins/probe.c)
target_link_libraries(standins_probe PRIVATE oc_flags ${CMAKE_DL_LIBS})
add_dependencies(standins_probe oc_standin_icc oc_standin_dc oc_standin_dc_seat oc_standin_pcsc)
# A library with a sanitizer in it cannot be loaded by a program without.
if(NOT OC_SANITIZE)
  add_test(NAME standins_programs COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/standins/standins.sh
    $<TARGET_FILE:onecard> ${folder} $<TARGET_FILE:standins_probe> ${PROJECT_SOURCE_DIR})
  set_tests_properties(standins_programs PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()

foreach(arch ${OC_WINDOWS_ARCHITECTURES})
  set(bits 64)
  if(arch STREQUAL i686)
    set(bits 32)
  endif()
  add_test(NAME standins_windows_${bits} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/standins/windows.sh $<TARGET_FILE:onecard>
    ${PROJECT_BINARY_DIR}/windows/${arch} ${bits} ${PROJECT_BINARY_DIR}/windows/wine-${bits} ${PROJECT_SOURCE_DIR})
  set_tests_properties(standins_windows_${bits} PROPERTIES LABELS wine SKIP_RETURN_CODE 77 TIMEOUT 180)
endforeach()
