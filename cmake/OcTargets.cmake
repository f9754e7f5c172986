# SPDX-License-Identifier: Apache-2.0
# Warnings, hardening, sanitizers and the kinds of target of this project.

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
# Hardening; sanitizers bring their own checks and do not mix with these.
option(OC_HARDEN "Stack protection, fortified library calls, read-only relocations" ON)
if(OC_HARDEN AND NOT WIN32 AND NOT OC_SANITIZE AND NOT OC_COVERAGE)
  include(CheckCCompilerFlag)
  foreach(flag stack-protector-strong stack-clash-protection cf-protection)
    string(MAKE_C_IDENTIFIER OC_HAS_${flag} has)
    check_c_compiler_flag(-f${flag} ${has})
    if(${has})
      target_compile_options(oc_flags INTERFACE -f${flag})
    endif()
  endforeach()
  target_compile_options(oc_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
    $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
  target_link_options(oc_flags INTERFACE
    $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
if(OC_COVERAGE)
  target_compile_options(oc_flags INTERFACE --coverage -O0)
  target_link_options(oc_flags INTERFACE --coverage)
endif()

# Whole-program optimisation for the programs that are measured and shipped. Objects are made for both kinds of link,
# so that the many test programs link without it: it would take them minutes. Long tests have a COST, roughly their
# seconds, so that ctest begins with them and no core is idle at the end.
option(OC_LTO "Optimise over all sources at the link of programs, with gcc" OFF)
if(OC_LTO AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(oc_flags INTERFACE -flto=auto -ffat-lto-objects)
  set(OC_LINK_WHOLE -flto=auto)
  set(OC_LINK_PARTS -fno-use-linker-plugin)
  set(OC_COMPILE_PARTS -fno-lto)
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
  target_compile_options(${name} PRIVATE ${OC_COMPILE_PARTS})
  target_link_options(${name} PRIVATE ${OC_LINK_PARTS})
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(ARG_LABEL)
    set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL})
  endif()
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 240)
endfunction()

# oc_fuzz(NAME [USES library...] [SEEDS folder...]): one fuzz target from NAME_fuzz.c. With a libFuzzer build
# (preset fuzz) it is a fuzzer; otherwise a program that runs the committed corpus once, as a test. SEEDS are folders
# of the project that serve as corpus as well.
function(oc_fuzz name)
  cmake_parse_arguments(ARG "" "" "USES;SEEDS" ${ARGN})
  list(TRANSFORM ARG_SEEDS PREPEND ${PROJECT_SOURCE_DIR}/)
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name} ${ARG_SEEDS})
  add_executable(${name}_fuzz ${name}_fuzz.c)
  target_link_options(${name}_fuzz PRIVATE ${OC_LINK_PARTS})
  target_link_libraries(${name}_fuzz PRIVATE oc_flags ${ARG_USES})
  if(OC_SANITIZE MATCHES "fuzzer-no-link")
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    set(arguments -runs=0 ${corpus})
  else()
    target_sources(${name}_fuzz PRIVATE corpus_main.c)
    set(arguments ${corpus})
  endif()
  add_test(NAME ${name}_fuzz COMMAND ${name}_fuzz ${arguments} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name}_fuzz PROPERTIES LABELS fuzz TIMEOUT 240)
endfunction()

# oc_bench(NAME [USES library...]): a program NAME that prints measurements; target `bench` runs them all, one
# after the other. A bench asserts nothing and is no test.
add_custom_target(bench COMMENT "benchmarks")
function(oc_bench name)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  add_executable(${name} ${name}.c)
  target_link_libraries(${name} PRIVATE oc_flags oc_bench_support ${ARG_USES})
  target_link_options(${name} PRIVATE ${OC_LINK_WHOLE})
  add_custom_target(run_${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL
    COMMENT "${name}")
  get_property(last GLOBAL PROPERTY OC_LAST_BENCH)
  if(last)
    add_dependencies(run_${name} run_${last})
  endif()
  set_property(GLOBAL PROPERTY OC_LAST_BENCH ${name})
  add_dependencies(bench run_${name})
endfunction()
