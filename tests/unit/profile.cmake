# SPDX-License-Identifier: Apache-2.0
oc_test(profile_xml_test.c LABEL unit USES oc_base)
oc_test(profile_load_test.c LABEL unit USES oc_profile)
oc_test(profile_keys_test.c LABEL unit USES oc_profile)
oc_test(profile_bad_test.c LABEL unit USES oc_profile)
oc_test(profile_vary_test.c LABEL unit USES oc_profile)
