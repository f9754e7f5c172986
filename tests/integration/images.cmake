# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_cli_kit)
  oc_test(cli_image_test.c LABEL integration USES oc_cli_kit oc_link)
  add_dependencies(cli_image_test onecard)
endif()
