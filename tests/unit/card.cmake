# SPDX-License-Identifier: Apache-2.0
oc_library(oc_card_kit SOURCES card_kit.c USES oc_test_support oc_card)
foreach(thing select)
  oc_test(card_${thing}_test.c LABEL unit USES oc_card_kit)
endforeach()
