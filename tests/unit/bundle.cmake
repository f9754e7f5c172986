# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_chain AND TARGET oc_record)
  oc_test(bundle_chain_test.c LABEL unit USES oc_record_sample)
endif()
