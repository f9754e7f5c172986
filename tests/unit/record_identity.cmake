# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_record_sample)
  oc_test(record_resume_identity_test.c LABEL unit USES oc_record oc_record_sample)
endif()
