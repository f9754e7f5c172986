# SPDX-License-Identifier: Apache-2.0
oc_library(oc_card_kit SOURCES card_kit.c USES oc_test_support oc_card)
foreach(thing files image interface life perso security select)
  oc_test(card_${thing}_test.c LABEL unit USES oc_card_kit)
endforeach()
oc_test(card_memory_test.c LABEL unit USES oc_card_kit Threads::Threads)
oc_test(card_robust_test.c LABEL unit USES oc_card_kit oc_apps oc_psam)
