# SPDX-License-Identifier: Apache-2.0
# The Windows side of a terminal under test, in one folder: the driver host, the stand-in reader libraries, and the
# programs and drivers with which both are tested.
set(CMAKE_INSTALL_BINDIR .)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
add_subdirectory(sim/link/standins)
add_subdirectory(conformance/driver_host)
add_subdirectory(tests/integration/standins)
