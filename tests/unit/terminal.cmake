# SPDX-License-Identifier: Apache-2.0
oc_test(terminal_info_test.c LABEL unit USES oc_terminal)
oc_test(terminal_function_test.c LABEL unit USES oc_terminal oc_issuer oc_host oc_test_variant)
oc_test(terminal_failure_test.c LABEL unit USES oc_terminal oc_issuer oc_test_variant)
oc_test(terminal_psam_test.c LABEL unit USES oc_terminal oc_issuer oc_test_variant)
oc_test(terminal_write_test.c LABEL unit USES oc_terminal oc_issuer oc_test_variant)
oc_test(terminal_pin_test.c LABEL unit USES oc_terminal oc_issuer oc_test_variant)
oc_test(terminal_pki_test.c LABEL unit USES oc_terminal oc_issuer oc_test_variant)
oc_test(terminal_settings_test.c LABEL unit USES oc_terminal oc_issuer oc_test_variant)
