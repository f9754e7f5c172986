/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_APP_H
#define OC_CARD_APP_H

#include "sim/base/sw.h"
#include "sim/card/card.h"
#include "sim/card/fs.h"
#include "sim/card/key_store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a command handler sees, and how an application registers its commands into the operating system.
 *
 * Order of checks. The first that fails gives the answer (project choice; the sheet has the words, not the order):
 *
 *   frame         fewer than 4 bytes                                                    6700
 *   class         no command of this class                                              6E00
 *   instruction   no such instruction; personalisation after END OF ISSUING             6D00
 *   P1 P2         no row of the command table takes them                                6A86
 *   length        body not as long as P3, P3 outside the row's bounds, body where none
 *                 belongs                                                               6700
 *   life cycle    the row is not for the card's present state                           6985
 *   handler       file, key or purse there (6A82, 6A88, 6986, 6981, 6985), lengths that depend on it (6700),
 *                 blocked (6983), security status (6982), sequence (6901, 6984), data and amounts
 *                 (6A80, 6A83, 6A84, 6B00, 9401, 9403, 6985 for a full counter), cryptogram (63Cx, 9302)
 *   Le            not exactly what there is to give                                     6Cxx
 *
 * A 4-byte command means P3 = 00. Commands with a body answer 61xx and keep the data for GET RESPONSE. */

enum oc_card_life { OC_LIFE_BLANK = 1, OC_LIFE_ISSUED = 2, OC_LIFE_ANY = 3 };

/* T=0 carries a body in one direction only. */
enum oc_card_flow {
    OC_FLOW_IN, /* P3 is Lc; an answer waits for GET RESPONSE */
    OC_FLOW_OUT /* P3 is Le */
};

#define OC_CARD_DATA_MAX 256 /* bytes of a response's data */

typedef struct oc_card_context {
    oc_card *card;
    uint8_t cla, ins, p1, p2, p3;
    oc_span body; /* OC_FLOW_IN: P3 bytes */
    oc_wr out;    /* response data, room for OC_CARD_DATA_MAX */
    oc_sw sw;     /* 9000 until oc_card_answer; with any other word the data are dropped */
    oc_nvm *nvm;
    oc_crypto *crypto;
    uint32_t dir;         /* current directory */
    uint32_t environment; /* its DDF, or the MF */
    void *state;          /* the application's own volatile bytes */
} oc_card_context;

/* An error means that the simulator failed. What the card refuses is a status word: return oc_card_answer(..). */
typedef oc_result oc_card_handler(oc_card_context *context);

/* One row of a command table. It takes the command when (P1 AND p1_mask) = p1, the same for P2, and `parameters`,
 * where there is one, agrees. Several rows may share class and instruction; the first that takes it runs. */
typedef struct oc_card_command {
    uint8_t cla, ins;
    uint8_t p1, p1_mask;
    uint8_t p2, p2_mask;
    bool (*parameters)(uint8_t p1, uint8_t p2); /* or NULL */
    enum oc_card_flow flow;
    uint8_t p3_min, p3_max; /* bounds of Lc; OC_FLOW_OUT: not used */
    enum oc_card_life life;
    oc_card_handler *handler;
} oc_card_command;

struct oc_card_app {
    const char *name;
    const oc_card_command *commands;
    size_t command_count;
    size_t state_size; /* volatile bytes per card, wiped at reset and power-off */
    /* The current directory has changed. May be NULL. */
    void (*on_select)(void *state);
    /* A key is about to be loaded into context->dir while the card is personalised; there is room for it and one
     * OC_FS_ENTRY more. oc_card_answer with another word than 9000 refuses it. May be NULL. */
    oc_result (*on_key)(oc_card_context *context, const oc_stored_key *key);
};

static inline oc_result oc_card_answer(oc_card_context *context, unsigned sw)
{
    context->sw = oc_sw_of(sw);
    return oc_ok();
}

/* 9000, or why not: checks an access rule for the current directory. */
oc_sw oc_card_access(const oc_card *card, oc_access_rule rule);
bool oc_card_pin_verified(const oc_card *card);

/* From the card's repeatable random numbers. */
OC_MUST_USE oc_result oc_card_random(oc_card *card, uint8_t *out, size_t len);

/* Puts a record in front of a cyclic file; `record` is as long as the file's records. */
OC_MUST_USE oc_result oc_card_push_record(oc_card_context *context, oc_ef *ef, oc_span record);

#ifdef __cplusplus
}
#endif
#endif
