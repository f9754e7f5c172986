# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_bundle AND TARGET oc_record)
  oc_library(oc_test_signers SOURCES ${PROJECT_SOURCE_DIR}/tests/support/oc_signers.c USES oc_test_support PkgConfig::CRYPTO)
  oc_test(bundle_chain_test.c LABEL unit USES oc_record_sample)
  oc_test(bundle_signature_test.c LABEL unit USES oc_bundle oc_record_sample oc_test_signers)
  oc_library(oc_bundle_kit SOURCES ${CMAKE_CURRENT_LIST_DIR}/bundle_kit.c USES oc_bundle oc_record_sample oc_test_signers)
  oc_test(bundle_tamper_test.c LABEL unit USES oc_bundle_kit)
endif()
