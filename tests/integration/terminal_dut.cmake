# SPDX-License-Identifier: Apache-2.0
# Drivers that misbehave, each in one way (terminal_dut/nasty_driver.c).
function(oc_nasty_driver name)
  add_library(nasty_${name} MODULE ${CMAKE_CURRENT_SOURCE_DIR}/terminal_dut/nasty_driver.c)
  target_compile_definitions(nasty_${name} PRIVATE _GNU_SOURCE ${ARGN})
  target_compile_options(nasty_${name} PRIVATE -w -O0)
  set_target_properties(nasty_${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET default
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/nasty)
endfunction()
set(nasty_ways behave crash hang overrun underrun leave_child leave_daemon close_all close_and_open flood flood_for_ever
  print_some print_pin half_character unterminated leave leave_at_once leave_thread kill_self kill_group throw_stack
  jump ignore_and_hang narrow trespass)
if(NOT OC_SANITIZE)
  list(APPEND nasty_ways take_memory)
endif()
foreach(way ${nasty_ways})
  oc_nasty_driver(${way} NASTY=${way})
endforeach()
foreach(way lock_and_give_back lock_and_crash lock_and_hang lock_and_return)
  oc_nasty_driver(${way} NASTY=${way} NASTY_LOCKS)
  target_include_directories(nasty_${way} SYSTEM PRIVATE ${PCSC_INCLUDE_DIRS})
endforeach()
oc_nasty_driver(begin_crash NASTY_CONSTRUCTOR=crash)
oc_nasty_driver(begin_hang NASTY_CONSTRUCTOR=hang)
oc_nasty_driver(begin_leave NASTY_CONSTRUCTOR=leave)
oc_nasty_driver(end_crash NASTY_DESTRUCTOR=crash)
oc_nasty_driver(nothing NASTY_NOTHING)
# It needs a library that is not where anybody looks.
add_library(nasty_absent SHARED ${CMAKE_CURRENT_SOURCE_DIR}/terminal_dut/nasty_driver.c)
target_compile_options(nasty_absent PRIVATE -w)
oc_nasty_driver(needing NASTY=behave)
target_link_libraries(nasty_needing PRIVATE -Wl,--no-as-needed nasty_absent)
set_target_properties(nasty_needing PROPERTIES SKIP_BUILD_RPATH ON)

# One that departs from the standard wherever a manifest can say so.
add_library(odd_driver MODULE ${CMAKE_CURRENT_SOURCE_DIR}/terminal_dut/odd_driver.c)
target_compile_definitions(odd_driver PRIVATE _GNU_SOURCE)
set_target_properties(odd_driver PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/nasty)

foreach(thing bridge confined driver_abuse manifest program)
  oc_test(terminal_${thing}_test.c LABEL integration USES oc_dut oc_test_program)
  target_compile_definitions(terminal_${thing}_test PRIVATE OC_NASTY="${CMAKE_CURRENT_BINARY_DIR}/nasty"
    OC_DRIVER_HOST="$<TARGET_FILE:onecard-driver-host>")
  add_dependencies(terminal_${thing}_test onecard-driver-host nasty_behave odd_driver)
endforeach()
get_property(targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
list(FILTER targets INCLUDE REGEX "^nasty_")
add_dependencies(terminal_driver_abuse_test ${targets})
add_dependencies(terminal_program_test ${targets})
add_dependencies(terminal_confined_test nasty_trespass)
target_link_libraries(terminal_driver_abuse_test PRIVATE oc_run)
# A library with a sanitizer in it cannot be loaded by a program without.
if(TARGET oc_standin_pcsc AND NOT OC_SANITIZE)
  target_compile_definitions(terminal_driver_abuse_test PRIVATE OC_NASTY_LOCKS)
  # The stand-in libraries are looked for beside the program.
  set_target_properties(terminal_driver_abuse_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  add_dependencies(terminal_driver_abuse_test oc_standin_pcsc)
endif()
if(SECCOMP_FOUND AND NOT OC_SANITIZE)
  target_compile_definitions(terminal_confined_test PRIVATE OC_CONFINED)
endif()
if(TARGET nasty_take_memory)
  target_compile_definitions(terminal_driver_abuse_test PRIVATE OC_NASTY_MEMORY)
endif()
