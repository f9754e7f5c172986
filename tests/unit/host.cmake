# SPDX-License-Identifier: Apache-2.0
oc_test(host_message_test.c LABEL unit USES oc_host)
oc_test(host_store_test.c LABEL unit USES oc_host)
oc_test(host_hsm_test.c LABEL unit USES oc_host)
oc_test(host_json_test.c LABEL unit USES oc_json)
oc_test(host_http_test.c LABEL unit USES oc_http)
oc_test(host_batch_test.c LABEL unit USES oc_http oc_test_visit)
