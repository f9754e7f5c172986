/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_HOST_MISBEHAVE_H
#define OC_CONFORMANCE_CLI_HOST_MISBEHAVE_H

#include "conformance/cli/cli.h"
#include "sim/base/bytes.h"

/* What the host does wrong on order, so that a client's reaction is seen (settlement-backend sheet 8).
 * X(NAME, word, what it does) */
#define OC_MISBEHAVIOURS(X)                                                                                           \
    X(LATE, "late", "answers after 20 s; late=N: after N s")                                                          \
    X(DOUBLE, "double", "answers twice in one body")                                                                  \
    X(NUMBER, "wrong-number", "inf_refmsgid is five characters")                                                      \
    X(A1, "a1", "preselfpay_amt is 0.01 too much")                                                                    \
    X(A2, "a2", "hifob_pay is 0.01 too much")                                                                         \
    X(A3, "a3", "setldetail has a row of 0.01 too many")                                                              \
    X(A4, "a4", "hosp_part_amt is 0.01 too much")                                                                     \
    X(A5, "a5", "psn_cash_pay is 0.01 too much")                                                                      \
    X(A6, "a6", "balc is 0.01 too much")                                                                              \
    X(FAILURE, "failure", "refuses what is right, and books nothing")                                                 \
    X(EMPTY, "empty-output", "a success has an empty output")                                                         \
    X(GBK, "gbk", "the body announced as UTF-8 is GB18030")                                                           \
    X(LONG, "long-text", "err_msg has 500 characters")                                                                \
    X(WARNING, "warning", "a success has a warn_msg")                                                                 \
    X(UNKNOWN, "unknown-field", "the answer has a field that no table knows")

enum oc_misbehaviour {
    OC_MISBEHAVE_NOT,
#define OC_MISBEHAVIOUR_ENUM(name, word, what) OC_MISBEHAVE_##name,
    OC_MISBEHAVIOURS(OC_MISBEHAVIOUR_ENUM)
#undef OC_MISBEHAVIOUR_ENUM
};

typedef struct oc_misbehave {
    enum oc_misbehaviour kind;
    char infno[8];   /* "" for all messages */
    unsigned nth;    /* of these, from 1; 0: each */
    unsigned so_far; /* that came */
    unsigned late_s; /* of "late" */
} oc_misbehave;

/* "RULE[@INFNO[:N]]", "late=N[@INFNO[:N]]". USAGE with the words for anything else. */
OC_MUST_USE oc_result oc_misbehave_parse(oc_misbehave *out, const char *text, oc_diag *diag);

/* Spoils the answer to a message where it is its turn; true when it did. */
bool oc_misbehave_now(oc_misbehave *order, const char *infno, oc_buf *answer);

/* True when a message is to be refused before the back-end gets it. */
bool oc_misbehave_refuses(oc_misbehave *order, const char *infno);

/* True when a client cannot tell from such an answer whether it was booked. */
bool oc_misbehave_hides(const oc_misbehave *order);

#endif
