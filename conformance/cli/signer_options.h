/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_SIGNER_OPTIONS_H
#define OC_CONFORMANCE_CLI_SIGNER_OPTIONS_H

#include <argp.h>

#include "reports/bundle/signature.h"

/* --sign-cert with the --sign-key or --sign-cmd behind it, for the commands that sign. Texts are borrowed from argv. */
typedef struct oc_signer_list {
    oc_signer at[OC_CMS_SIGNERS_MAX];
    size_t count;
} oc_signer_list;

void oc_take_signer(oc_signer_list *list, const char *certificate, const struct argp_state *state);
/* One of `key` and `command` is NULL. */
void oc_take_signer_key(oc_signer_list *list, const char *key, const char *command, const struct argp_state *state);
/* What is wrong with them, in one sentence; NULL: nothing. */
const char *oc_signers_objection(const oc_signer_list *list);

/* The time of signing in seconds since 1970: SOURCE_DATE_EPOCH where it is set, for builds that are to come out alike. */
int64_t oc_signing_time(void);

#endif
