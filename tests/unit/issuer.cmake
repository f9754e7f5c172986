# SPDX-License-Identifier: Apache-2.0
oc_test(issuer_card_test.c LABEL unit USES oc_issuer)
oc_test(issuer_psam_test.c LABEL unit USES oc_issuer)
oc_test(issuer_pki_test.c LABEL unit USES oc_test_world oc_host)
