# SPDX-License-Identifier: Apache-2.0
oc_test(psam_terminal_test.c LABEL unit USES oc_apps_kit oc_psam)
oc_test(psam_rules_test.c LABEL unit USES oc_apps_kit oc_psam)
