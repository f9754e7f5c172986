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
 *   card          terminated 6985; blocked 6A81
 *   chain         not the command that was begun 6883; more than fits 6700
 *   class         no command of this class                                              6E00
 *   instruction   no such instruction; personalisation after END OF ISSUING             6D00
 *   P1 P2         no row of the command table takes them                                6A86
 *   length        body not as long as Lc says, outside the row's bounds, or where none
 *                 belongs; extended length without the feature                          6700
 *   life cycle    the row is not for the card's present state, or not for the
 *                 contactless interface                                                 6985
 *   application   the directory is blocked for a time 6A81, or for ever 9303
 *   handler       file, key or purse there (6A82, 6A88, 6986, 6981, 6985), lengths that depend on it (6700),
 *                 blocked (6983), security status (6982), sequence (6901, 6984), data and amounts
 *                 (6A80, 6A83, 6A84, 6B00, 9401, 9402, 9403), cryptogram (63Cx, 6988, 9302)
 *   Le            not exactly what there is to give                                     6Cxx
 *
 * T=0: a 4-byte command means P3 = 00; commands with a body answer 61xx and keep the data for GET RESPONSE.
 * T=1 and contactless: cases 1 to 4 of ISO/IEC 7816-3 12.1, and with the feature extended length. Le 00 or 0000 takes
 * what there is. Data that were not asked for, or not all, wait for GET RESPONSE as with T=0.
 *
 * A command changes non-volatile memory as a whole or not at all, also when power fails on the way: what its handler
 * wrote is committed when it has returned. Try counters alone are committed at once (key_store.h). */

enum oc_card_life {
    OC_LIFE_ISSUING = 1, /* blank and pre-issued */
    OC_LIFE_ISSUED = 2,
    OC_LIFE_ANY = 3,
    OC_LIFE_APP_BLOCKED = 4, /* also in a blocked directory */
    OC_LIFE_CONTACT = 8      /* not on the contactless interface, unless OC_FEATURE_CONTACTLESS_WRITE */
};

enum oc_card_flow {
    OC_FLOW_IN, /* T=0: P3 is Lc; an answer waits for GET RESPONSE */
    OC_FLOW_OUT /* T=0: P3 is Le */
};

#define OC_CARD_DATA_MAX 256  /* bytes of a response's data, but for extended length */
#define OC_CARD_LONG_MAX 2048 /* bytes of a body or of a response's data, with extended length or chaining */
#define OC_LC_ANY 0xFFFF      /* as long as a body can be */

typedef struct oc_card_context {
    oc_card *card;
    uint8_t cla, ins, p1, p2;
    oc_span body; /* OC_FLOW_IN: Lc bytes, of a chain all of them */
    size_t le;    /* bytes of data asked for; 256 where nothing is said */
    bool le_open; /* whatever there is will do */
    oc_wr out;    /* response data, room for OC_CARD_DATA_MAX, or OC_CARD_LONG_MAX with extended length */
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
    uint16_t lc_min, lc_max; /* bounds of the body; OC_FLOW_OUT: not used */
    unsigned life;           /* enum oc_card_life, any of them */
    oc_card_handler *handler;
} oc_card_command;

struct oc_card_app {
    const char *name;
    const oc_card_command *commands;
    size_t command_count;
    /* DF names. In such a directory, and in those below it, this application's commands come before the built-in ones,
     * and no other application's are there; elsewhere this one's are not. None: everywhere that nobody claims. */
    const oc_span *environments;
    size_t environment_count;
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
/* For an application that verifies a PIN of its own: the status of its environment. */
void oc_card_set_pin_verified(oc_card *card, bool verified);
/* Spends the challenge: its 4, 8 or 16 bytes, or 0 when none waits. */
size_t oc_card_take_challenge(oc_card *card, uint8_t out[16]);

/* From the card's repeatable random numbers. */
OC_MUST_USE oc_result oc_card_random(oc_card *card, uint8_t *out, size_t len);

/* Secure messaging (ssc-card sheet 6.7): the body is data || MAC of 4 bytes, under the session key that `key` makes of
 * the card's waiting 8-byte challenge. The MAC is taken over class to Lc and the data; Lc as one byte up to 255, else
 * 00 and two. Checks in this order: key blocked 6983, `allowed` 6982, challenge 6984, MAC 6988. A wrong MAC costs a
 * try of the key (project choice: 4 bytes could be guessed). With 9000 `session` holds the key, to be wiped, and
 * `data` the body without its MAC. */
OC_MUST_USE oc_result oc_card_open_message(oc_card_context *context, oc_stored_key *key, bool allowed, oc_key *session,
                                           oc_span *data);

/* Puts a record in front of a cyclic file; `record` is as long as the file's records. */
OC_MUST_USE oc_result oc_card_push_record(oc_card_context *context, oc_ef *ef, oc_span record);

#ifdef __cplusplus
}
#endif
#endif
