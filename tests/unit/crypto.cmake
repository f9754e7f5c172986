# SPDX-License-Identifier: Apache-2.0
oc_test(crypto_primitives_test.c LABEL unit USES oc_crypto)
oc_test(crypto_certificate_test.c LABEL unit USES oc_crypto)
oc_test(crypto_key_provider_test.c LABEL unit USES oc_crypto)
oc_test(crypto_pin_block_test.c LABEL unit USES oc_crypto)
oc_test(crypto_schedules_test.c LABEL unit USES oc_crypto)
oc_test(crypto_sm2_test.c LABEL unit USES oc_crypto)
oc_test(crypto_ssc_test.c LABEL unit USES oc_crypto)
