# SPDX-License-Identifier: Apache-2.0
# Sanitizers keep what was given back, and more memory than can be looked through.
if(NOT OC_SANITIZE)
  oc_test(memory_wipe_test.c LABEL unit USES oc_terminal oc_issuer oc_host oc_test_variant)
  target_sources(memory_wipe_test PRIVATE memory_needles.c)
endif()
