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
/* Everything that came about is forgotten, also in its store: as newly opened with these parts, of which region, store and
 * clock must be the same. For a back-end that serves one case after the other: to open one anew takes longer than most
 * cases. When it fails, close it. */
OC_MUST_USE oc_result oc_medical_forget(oc_medical *medical, const oc_medical_parts *parts, oc_diag *diag);

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

/* A medium that the hospital's local component has read; a text that it does not know is "". */
typedef struct oc_med_reading {
    char cert_type[4]; /* mdtrt_cert_type: "03" for a card, "01" for a voucher; "": there is none to be read */
    char cert_no[51];
    char card_sn[33];
} oc_med_reading;

/* What is in the component's reader. */
typedef oc_result oc_med_read_card(void *context, oc_med_reading *out, oc_diag *diag);
/* What a scanned code stands for. `refusal` is "" or says in a word why it is not taken. */
#define OC_MED_REFUSAL 24
typedef oc_result oc_med_read_code(void *context, const char *code, oc_med_reading *out, char refusal[OC_MED_REFUSAL],
                                   oc_diag *diag);

/* An internal authentication: hex digits, as 9201 has them. */
typedef struct oc_med_card_proof {
    const char *card_id;    /* 32 */
    const char *historical; /* 16 to 30 */
    const char *challenge;  /* 16 each */
    const char *text;
    const char *cryptogram;
} oc_med_card_proof;
enum oc_med_proven { OC_MED_PROVEN, OC_MED_NOT_PROVEN, OC_MED_NO_KEY };
typedef oc_result oc_med_prove_card(void *context, const oc_med_card_proof *proof, enum oc_med_proven *out,
                                    oc_diag *diag);

/* What the back-end asks of others. A message whose service is NULL is refused. */
typedef struct oc_med_services {
    oc_med_read_card *read_card; /* 1161 */
    void *read_card_context;
    oc_med_read_code *read_code; /* 1162 */
    void *read_code_context;
    oc_med_prove_card *prove_card; /* 9201 */
    void *prove_card_context;
} oc_med_services;

/* Copied; contexts are borrowed. Where hospitals have a component that reads the medium (rule reads-medium), the
 * back-end stands for that as well: 1161 and 1162 read and are answered as 1101, with what was read beside. */
void oc_medical_set_services(oc_medical *medical, const oc_med_services *services);

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
