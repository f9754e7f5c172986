/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_BACK_END_H
#define OC_CONFORMANCE_RUN_BACK_END_H

#include "conformance/dut/http_post.h"
#include "sim/host/medical/region.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A settlement back-end under test, over HTTP. Each answer is held against the response tables and the rules that hold
 * for any back-end; what is broken is a breach, with one sentence of evidence. */
typedef struct oc_back_end oc_back_end;

/* `url` is where messages are posted; when it ends in '/', the path of the message's service is added where it has one
 * (settlement-backend sheet 4). `credentials` are borrowed. USAGE for what is no HTTP URL. */
OC_MUST_USE oc_result oc_back_end_new(oc_back_end **out, const char *url, const oc_http_credentials *credentials,
                                      int timeout_ms, oc_diag *diag);
void oc_back_end_free(oc_back_end **back_end);
/* Another case begins: balances that were told are forgotten. */
void oc_back_end_begin(oc_back_end *back_end);

typedef struct oc_back_end_question {
    const oc_region *region;
    const char *infno;
    const char *msgid;
    oc_span message;
    const oc_fields *headers; /* or NULL */
} oc_back_end_question;

/* Asks. `answer` (emptied first) is what came. After a breach it is not to be used. */
OC_MUST_USE oc_result oc_back_end_ask(oc_back_end *back_end, const oc_back_end_question *question, oc_buf *answer,
                                      oc_breach *breach, oc_diag *diag);

/* Judges an answer; oc_back_end_ask does so. In this order:
 *   JSON in UTF-8, one object, no name twice          envelope and output as the tables have them
 *   inf_refmsgid of region, time and serial number,   err_msg with a failure
 *   new for each message                              amount identities A1 to A6, medins_setl_id the request's msgid (F9) */
void oc_back_end_judge(oc_back_end *back_end, const oc_back_end_question *question, oc_span answer, oc_breach *breach);

#ifdef __cplusplus
}
#endif
#endif
