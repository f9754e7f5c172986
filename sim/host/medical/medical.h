/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_MEDICAL_H
#define OC_HOST_MEDICAL_MEDICAL_H

#include "sim/base/bytes.h"
#include "sim/base/clock.h"
#include "sim/base/fields.h"
#include "sim/host/medical/check.h"
#include "sim/host/medical/person.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The medical-insurance back-end: takes a numbered JSON message, judges it against the field tables and the rules of its
 * region, books it and answers (settlement-backend sheet 2 to 8). One thread at a time. */
typedef struct oc_medical oc_medical;

typedef struct oc_medical_parts {
    const oc_region *region;      /* borrowed */
    const char *store;            /* path of the database, or ":memory:" */
    const oc_clock *clock;        /* borrowed; NULL: the machine's time of day */
    const oc_med_holder *holders; /* copied with their texts */
    size_t holder_count;
} oc_medical_parts;

OC_MUST_USE oc_result oc_medical_open(oc_medical **out, const oc_medical_parts *parts, oc_diag *diag);
void oc_medical_close(oc_medical **medical);

#define OC_MED_PATH ":path"
#define OC_MED_BODY_MAX ((size_t)1024 * 1024)

/* What was wrong with a message, for a checker of clients. */
typedef struct oc_med_judgement {
    char infno[8];
    char msgid[32];
    oc_med_findings findings; /* against tables and rules; rules have their name ("F4") as path */
    bool repeated;            /* the same message came before and was answered again */
    bool booked;
} oc_med_judgement;

/* Answers the message in `request` (UTF-8 JSON), signed as the region has it (signature.h); `headers` are those of its
 * transport, with names in small letters, or NULL; a header OC_MED_PATH is the path of the service that was called, of
 * which the message has to be (oc_med_message). `answer` (emptied first) always receives a well-formed answer; what is
 * wrong with the message is infcode "-1" and err_msg, never an error result. That one means that the back-end itself
 * failed: then nothing was booked. `judgement` may be NULL.
 *
 * err_msg begins with what was broken in brackets, a word of OC_MED_FLAWS or the name of a rule, and the field where there
 * is one: "[missing data.psn_no] ...", "[F6 data.chrg_bchno] ..." (project choice).
 *
 * A message with a msgid that was taken before is not booked again: with the same content the first answer is given
 * again, with another content it is refused (project choice; rule F10 and F11). */
OC_MUST_USE oc_result oc_medical_message(oc_medical *medical, oc_span request, const oc_fields *headers,
                                         oc_buf *answer, oc_med_judgement *judgement, oc_diag *diag);

/* Messages that are answered between these two are committed together, each all or nothing by itself. Their answers may
 * leave only after oc_medical_end has succeeded: when it fails, nothing of them was booked. */
OC_MUST_USE oc_result oc_medical_begin(oc_medical *medical, oc_diag *diag);
OC_MUST_USE oc_result oc_medical_end(oc_medical *medical, oc_diag *diag);

/* Tells of a card's holder: one whose card number is known is changed, else added. Copied. Holders with one ID number
 * are one person, who has several cards (a replacement). */
OC_MUST_USE oc_result oc_medical_set_holder(oc_medical *medical, const oc_med_holder *holder);

/* A well-formed refusal for what never became a message: infcode "-1", err_msg "[WORD] zh / en". `answer` is emptied
 * first. Alone of these, it may be called while another thread uses the back-end. */
OC_MUST_USE oc_result oc_medical_refusal(oc_medical *medical, const char *word, const char *zh, const char *en,
                                         oc_buf *answer);

/* Lists a card as "lost", "replaced" or, with NULL, no more. `card_id`: 32 hex digits. */
OC_MUST_USE oc_result oc_medical_list_card(oc_medical *medical, const char *card_id, const char *state, oc_diag *diag);

/* The sums of everything booked, cancellations included, for reconciling from outside. Fen. */
typedef struct oc_med_totals {
    int64_t settlements; /* rows, cancellations counted as well */
    int64_t cancellations;
    int64_t medfee;
    int64_t fund;
    int64_t account;
    int64_t cash;
    int64_t accounts_paid; /* what left the personal accounts; equals `account` when the store is sound */
} oc_med_totals;
OC_MUST_USE oc_result oc_medical_totals(oc_medical *medical, oc_med_totals *totals, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
