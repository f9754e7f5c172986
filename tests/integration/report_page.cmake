# SPDX-License-Identifier: Apache-2.0
# The HTML report as text, and as a browser shows it.
find_package(Python3 COMPONENTS Interpreter)
if(TARGET onecard AND Python3_FOUND)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/report_page)
  add_test(NAME report_page COMMAND ${Python3_EXECUTABLE} -B ${folder}/page_test.py $<TARGET_FILE:onecard>)
  set_tests_properties(report_page PROPERTIES LABELS integration TIMEOUT 60)
  # Needs chromium and chromedriver, which the everyday tests do not ask for.
  add_test(NAME report_browser COMMAND ${Python3_EXECUTABLE} -B ${folder}/browser.py $<TARGET_FILE:onecard>)
  set_tests_properties(report_browser PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 180)
endif()
