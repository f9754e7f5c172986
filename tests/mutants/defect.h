/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_DEFECT_H
#define OC_TESTS_MUTANTS_DEFECT_H

#include "sim/base/sw.h"
#include "sim/issuer/issuer.h"
#include "sim/link/transports.h"

/* What the defects of a virtual card have in common: they stand between the link and a card that is right. */

/* Instructions */
enum {
    SELECT = 0xA4,
    VERIFY = 0x20,
    CHANGE_PIN = 0x5E,
    READ_RECORD = 0xB2,
    READ_BINARY = 0xB0,
    UPDATE_RECORD = 0xDC,
    GET_CHALLENGE = 0x84,
    EXTERNAL_AUTH = 0x82,
    INTERNAL_AUTH = 0x88,
    GET_BALANCE = 0x26,
    INITIALIZE = 0x28,
    CREDIT = 0x2A,
    DEBIT = 0x2C,
    GET_RESPONSE = 0xC0
};

struct wrapper {
    oc_card *card;
    oc_endpoint inner;
    oc_buf pin;
    oc_buf atr;
    uint8_t ins;        /* of the last command that is not GET RESPONSE */
    unsigned asked;     /* challenges so far */
    unsigned tries;     /* status word of the first wrong PIN */
    oc_buf balance;     /* the last answer to GET BALANCE */
    bool balance_kept;  /* it is given from now on */
    const char *defect; /* its name */
    unsigned fid;       /* of the directory that was selected last */
    unsigned failed;    /* authentications of one session */
    struct rights {
        bool pin;
        uint8_t keys[32];
    } kept[8]; /* by the last digit of the directory; 0 the environment */
};

typedef oc_result defect_exchange(struct wrapper *w, oc_span command, oc_wr *response);

static inline uint8_t byte_at(oc_span command, size_t at)
{
    return command.len > at ? command.at[at] : 0;
}

static inline unsigned sw_of(const oc_wr *response)
{
    return response->len < 2 ? 0 : (unsigned)response->at[response->len - 2] << 8 | response->at[response->len - 1];
}

static inline void set_sw(oc_wr *response, unsigned sw)
{
    if (response->len >= 2) {
        response->at[response->len - 2] = (uint8_t)(sw >> 8);
        response->at[response->len - 1] = (uint8_t)sw;
    }
}

static inline oc_result pass(struct wrapper *w, oc_span command, oc_wr *response)
{
    return w->inner.exchange(w->inner.self, command, response);
}

/* Forwards with the byte at `at` replaced. */
static inline oc_result pass_altered(struct wrapper *w, oc_span command, size_t at, uint8_t value, oc_wr *response)
{
    uint8_t bytes[300];
    oc_wr altered = oc_wr_of(bytes, sizeof bytes);
    oc_wr_bytes(&altered, command);
    if (altered.bad || at >= altered.len) {
        return pass(w, command, response);
    }
    bytes[at] = value;
    return pass(w, oc_wr_span(&altered), response);
}

enum reset_defect { RESET_RIGHT, RESET_WARM_DOES_NOTHING, RESET_ATR_SERIAL };

struct defect {
    const char *name;
    defect_exchange *exchange;
    enum reset_defect reset;
};

/* Defects of access conditions, keys and PIN: they give or keep rights behind the card's back. NULL for an unknown
 * name. */
const struct defect *access_defect_named(const char *name);
/* Defects of the certificate application; likewise. */
const struct defect *pki_defect_named(const char *name);

#endif
