# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_run AND TARGET oc_record_sample)
  oc_test(run_compare_test.c LABEL unit USES oc_run oc_record_sample)
endif()
