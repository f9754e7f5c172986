/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_CALL_H
#define OC_HOST_MEDICAL_CALL_H

#include <jansson.h>

#include "sim/crypto/crypto.h"
#include "sim/host/medical/engine.h"
#include "sim/host/medical/medical.h"
#include "sim/host/medical/signature.h"
#include "sim/host/medical/store.h"

/* Private to the back-end: one message while it is answered. */

struct oc_medical {
    const oc_region *region;
    const oc_clock *clock;
    oc_med_store *store;
    oc_med_person *holders;
    size_t holder_count;
    uint32_t serial; /* of answers within a second; atomic */
    oc_crypto *crypto;
    oc_med_signer *signer;
    oc_med_services services;
};

struct oc_med_call {
    oc_medical *medical;
    const oc_med_message *form;
    const oc_fields *headers; /* or NULL */
    oc_diag *diag;
    oc_clock now;
    char time[20]; /* yyyy-MM-dd HH:mm:ss */
    const json_t *envelope;
    const json_t *input;
    json_t *output;         /* filled by the handler */
    oc_med_reading reading; /* of 1161 and 1162 */
    json_t *read_input;     /* made of it; or NULL */
    const char *msgid;
    const oc_med_institution *institution;
    oc_med_judgement *judgement;
    bool refused;
    char err_msg[512]; /* cut to 200 characters when it is sent */
    char warn_msg[256];
};

/* A visit as the store has it. */
struct oc_med_visit {
    int64_t id;
    char psn_no[31];
    char insutype[7];
    char kind; /* 'o' or 'i' */
    char number[31];
    char med_type[7];
    char cert_type[4];
    char cert_no[51];
    char card_sn[33];
    char admdvs[7];
    bool described; /* by 2203, or by 2401 */
    char state[16];
};

typedef oc_result oc_med_handler(struct oc_med_call *call);

/* Refuses the message: nothing is booked, infcode -1. `rule` is "F4" or the like, `field` the offending one or "". Texts
 * hold no personal data. */
OC_MUST_USE oc_result oc_med_refuse(struct oc_med_call *call, const char *rule, const char *field, const char *zh,
                                    const char *en);

/* A text of the first node (or of `object`); "" when absent. */
const char *oc_med_in(const struct oc_med_call *call, const char *name);
const char *oc_med_text(const json_t *object, const char *name);
/* An amount in fen of the first node; 0 when absent. The tables have seen its form. */
int64_t oc_med_in_fen(const struct oc_med_call *call, const char *name);
const json_t *oc_med_first_node(const struct oc_med_call *call);

/* The person a medium stands for, or of a number; *known is false for nobody. A refusal is made for a medium that does
 * not fit its holder. */
OC_MUST_USE oc_result oc_med_find_medium(struct oc_med_call *call, oc_med_person *person, bool *known);
bool oc_med_find_person(const oc_medical *medical, const char *psn_no, oc_med_person *person);
bool oc_med_find_identity(const oc_medical *medical, const char *id_number, oc_med_person *person);
/* By the identifier of a card, 32 hex digits. */
bool oc_med_find_card(const oc_medical *medical, const char *card_id, oc_med_person *person);
/* How a card is listed: "lost", "replaced", or NULL for one that is in order. */
OC_MUST_USE oc_result oc_med_card_state(const oc_medical *medical, const char *card_id, const char **state,
                                        oc_diag *diag);
/* Balance of the personal account now. */
OC_MUST_USE oc_result oc_med_balance(struct oc_med_call *call, const oc_med_person *person, int64_t *balance);

/* The open visit of the input's mdtrt_id and psn_no at this institution; refuses otherwise. `kind` 'o' or 'i'. */
OC_MUST_USE oc_result oc_med_take_visit(struct oc_med_call *call, char kind, struct oc_med_visit *visit);
/* F3: the envelope's insuplc_admdvs. */
OC_MUST_USE oc_result oc_med_check_place(struct oc_med_call *call, const char *admdvs);
/* F4, F5: the medium of the input against that of the visit. */
OC_MUST_USE oc_result oc_med_check_medium(struct oc_med_call *call, const struct oc_med_visit *visit);

/* Sets amounts and texts of an answer; a failed allocation is remembered by jansson as a missing member and found when
 * the answer is checked. */
void oc_med_put(json_t *object, const char *name, const char *text);
void oc_med_put_fen(json_t *object, const char *name, int64_t fen);
void oc_med_put_number(json_t *object, const char *name, int64_t number, unsigned decimals);

/* Handlers, by file. */
oc_med_handler oc_med_sign_in; /* session.c */
oc_med_handler oc_med_sign_out;
oc_med_handler oc_med_person_info; /* persons.c */
oc_med_handler oc_med_benefit_check;
oc_med_handler oc_med_read_reader; /* component.c; these two before the transaction */
oc_med_handler oc_med_read_voucher;
oc_med_handler oc_med_component_info;
oc_med_handler oc_med_authenticate_card;
oc_med_handler oc_med_register; /* visit.c */
oc_med_handler oc_med_cancel_visit;
oc_med_handler oc_med_describe_visit;
oc_med_handler oc_med_admit;
oc_med_handler oc_med_discharge;
oc_med_handler oc_med_change_admission;
oc_med_handler oc_med_cancel_discharge;
oc_med_handler oc_med_take_lines; /* lines.c */
oc_med_handler oc_med_drop_lines;
oc_med_handler oc_med_pre_settle; /* settle.c */
oc_med_handler oc_med_settle_visit;
oc_med_handler oc_med_cancel_settlement; /* cancel.c */
oc_med_handler oc_med_reverse;
oc_med_handler oc_med_reconcile; /* reconcile.c */
oc_med_handler oc_med_reconcile_details;
oc_med_handler oc_med_upload;
oc_med_handler oc_med_download;

/* Books the opposite of a settlement; also what a reversal does. */
OC_MUST_USE oc_result oc_med_undo_settlement(struct oc_med_call *call, int64_t settlement, const char *msgid,
                                             json_t **setlinfo);

#endif
