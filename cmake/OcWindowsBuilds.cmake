# SPDX-License-Identifier: Apache-2.0
# Builds for Windows, 32 and 64 bits, where their compilers are installed: windows/ARCH below the build folder.
include(ExternalProject)
set(OC_WINDOWS_ARCHITECTURES "")
foreach(arch i686 x86_64)
  find_program(OC_MINGW_${arch} ${arch}-w64-mingw32-gcc)
  if(OC_MINGW_${arch})
    list(APPEND OC_WINDOWS_ARCHITECTURES ${arch})
  endif()
endforeach()
set(default ON)
if(NOT OC_WINDOWS_ARCHITECTURES OR OC_SANITIZE OR OC_COVERAGE OR NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
  set(default OFF)
endif()
option(OC_WINDOWS "Build driver host and stand-in libraries for Windows as well (mingw-w64)" ${default})
if(NOT OC_WINDOWS)
  set(OC_WINDOWS_ARCHITECTURES "")
endif()

add_custom_target(windows)
foreach(arch ${OC_WINDOWS_ARCHITECTURES})
  ExternalProject_Add(windows-${arch}
    SOURCE_DIR ${PROJECT_SOURCE_DIR}
    BINARY_DIR ${PROJECT_BINARY_DIR}/windows/${arch}
    PREFIX ${PROJECT_BINARY_DIR}/windows/.${arch}
    CMAKE_ARGS --toolchain ${PROJECT_SOURCE_DIR}/cmake/mingw-${arch}.cmake -DCMAKE_BUILD_TYPE=Release
      -DOC_WERROR=${OC_WERROR}
    BUILD_ALWAYS ON
    INSTALL_COMMAND "")
  add_dependencies(windows windows-${arch})
endforeach()
