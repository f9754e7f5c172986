# SPDX-License-Identifier: Apache-2.0
oc_test(base_bytes_test.c LABEL unit USES oc_base)
oc_test(base_clock_test.c LABEL unit USES oc_base)
oc_test(base_fields_test.c LABEL unit USES oc_base)
oc_test(base_file_test.c LABEL unit USES oc_base)
oc_test(base_random_test.c LABEL unit USES oc_base)
oc_test(base_result_test.c LABEL unit USES oc_base)
oc_test(base_text_test.c LABEL unit USES oc_base)
oc_test(base_tlv_test.c LABEL unit USES oc_base)
