# SPDX-License-Identifier: Apache-2.0
oc_library(oc_apps_kit SOURCES apps_kit.c USES oc_card_kit oc_apps)
oc_test(apps_purse_test.c LABEL unit USES oc_apps_kit)
oc_test(apps_prove_test.c LABEL unit USES oc_apps_kit)
oc_test(apps_forms_test.c LABEL unit USES oc_apps_kit)
