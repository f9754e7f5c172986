/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_RUN_DOCUMENTS_H
#define OC_CONFORMANCE_CLI_RUN_DOCUMENTS_H

#include "conformance/cli/run_inputs.h"
#include "conformance/record/outcome.h"
#include "reports/challenge/challenge.h"

/* What is given with a run about its item and its laboratory, checked against the schemas in reports/. */
typedef struct oc_run_documents {
    oc_ics *ics; /* or NULL */
    oc_buf lab;  /* the root element, with a closing NUL */
    char lab_digest[65];
    oc_buf amends;           /* run id, NUL, reason, NUL */
    oc_challenge *challenge; /* or NULL */
    oc_buf challenge_text;   /* its element of the record, with a closing NUL */
} oc_run_documents;

/* *out is to be freed whatever comes of it. */
OC_MUST_USE oc_result oc_run_documents_load(oc_run_documents *out, const oc_cli *cli,
                                            const oc_run_arguments *arguments, oc_diag *diag);
void oc_run_documents_free(oc_run_documents *documents);

/* USAGE when --official is asked for and the run cannot be one. */
OC_MUST_USE oc_result oc_run_documents_official(const oc_run_documents *documents, const oc_cli *cli,
                                                const oc_run_arguments *arguments, oc_diag *diag);

/* Sets what of `info` is about them; borrowed from `documents`. */
void oc_run_documents_tell(const oc_run_documents *documents, const oc_run_arguments *arguments, oc_run_info *info);

/* ics.xml, lab.xml and challenge.xml with its signature in `folder`, as they were given; those of an earlier run are taken away. */
OC_MUST_USE oc_result oc_run_documents_keep(const oc_run_arguments *arguments, const char *folder, oc_diag *diag);

#endif
