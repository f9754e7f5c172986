# SPDX-License-Identifier: Apache-2.0
# Warnings, sanitizers and the three kinds of target of this project.

option(OC_WERROR "Treat warnings as errors" OFF)
set(OC_SANITIZE "" CACHE STRING "Value for -fsanitize=, for example address,undefined")
option(OC_COVERAGE "Instrument for gcov" OFF)

add_library(oc_flags INTERFACE)
target_include_directories(oc_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(oc_flags INTERFACE _GNU_SOURCE OC_VERSION="${PROJECT_VERSION}")
target_compile_options(oc_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wstrict-prototypes
  -Wmissing-prototypes -Wundef -Wvla -Wformat=2 -Wswitch-enum -Werror=implicit-function-declaration)
if(OC_WERROR)
  target_compile_options(oc_flags INTERFACE -Werror)
endif()
if(OC_SANITIZE)
  target_compile_options(oc_flags INTERFACE -fsanitize=${OC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(oc_flags INTERFACE -fsanitize=${OC_SANITIZE})
endif()
if(OC_COVERAGE)
  target_compile_options(oc_flags INTERFACE --coverage -O0)
  target_link_options(oc_flags INTERFACE --coverage)
endif()

# oc_library(NAME SOURCES file... [USES library...]): a static library of the project.
function(oc_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC oc_flags ${ARG_USES})
endfunction()

# oc_test(FILE [LABEL label] [USES library...]): one test program, named after its file, registered in CTest.
function(oc_test file)
  cmake_parse_arguments(ARG "" "LABEL" "USES" ${ARGN})
  get_filename_component(name ${file} NAME_WE)
  add_executable(${name} ${file})
  target_link_libraries(${name} PRIVATE oc_flags oc_test_support ${ARG_USES})
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(ARG_LABEL)
    set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL})
  endif()
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 240)
endfunction()
