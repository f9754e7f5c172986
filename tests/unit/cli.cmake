# SPDX-License-Identifier: Apache-2.0
oc_test(cli_progress_test.c LABEL unit USES oc_plain_text oc_base)
target_sources(cli_progress_test PRIVATE ${PROJECT_SOURCE_DIR}/conformance/cli/progress.c
  ${PROJECT_SOURCE_DIR}/conformance/cli/words.c)
