/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/host/cryptogram.h"
#include "sim/host/hsm_read.h"
#include "sim/keys/terminal_keys.h"

#define RANDOM 8
#define DATA_ROOM (2 * 2 * RANDOM + 1)

/* Cryptogram over the original information, and that information again: 16 bytes, which of an external authentication
 * are the data of the command (ssc-card sheet 6.5; that the internal data have the same form is a project choice). */
static oc_result authentication_data(struct oc_hsm_call *call, const oc_key_question *question, oc_span factor,
                                     oc_span information, char out[DATA_ROOM])
{
    uint8_t challenge[RANDOM];
    uint8_t data[2 * RANDOM];
    oc_hsm_bytes(factor, challenge, RANDOM);
    oc_hsm_bytes(information, data + RANDOM, RANDOM);
    OC_TRY(oc_cryptogram_auth(&call->service->keys, *question, oc_span_of(challenge, RANDOM),
                              oc_span_of(data + RANDOM, RANDOM), data, call->diag));
    oc_hex_encode(out, DATA_ROOM, oc_span_of(data, sizeof data));
    return oc_ok();
}

static oc_result accept(struct oc_hsm_call *call, const char *pkey)
{
    OC_TRY(oc_fields_set_text(call->answer, "result", "accepted"));
    return oc_fields_set_text(call->answer, "pkey", pkey);
}

enum basic_item { REGION, HISTORICAL, ALGORITHM, CARD_ID, FACTOR_IN, TEXT_IN, FACTOR_EX, TEXT_EX };

static const struct oc_hsm_layout basic_layout = {
    "step1",
    8,
    9,
    {{"the region", OC_HSM_DIGITS, 6, 6, false},
     {"the ATR history", OC_HSM_HEX, 16, 30, false},
     {"the algorithm", OC_HSM_ALGORITHM, 0, 0, false},
     {"the card identifier", OC_HSM_HEX, 32, 32, false},
     {"random1", OC_HSM_HEX, 16, 16, false},
     {"random2", OC_HSM_HEX, 16, 16, false},
     {"random3", OC_HSM_HEX, 16, 16, true},
     {"random4", OC_HSM_HEX, 16, 16, true},
     {"the terminal number", OC_HSM_HEX, 12, 12, true}},
};

/* Cards of the third generation, those with SM4, ask the terminal to prove itself too. */
static oc_result check_external_half(struct oc_hsm_call *call, const struct oc_hsm_string *step1)
{
    bool third = step1->alg == OC_ALG_SM4;
    for (size_t i = FACTOR_EX; i <= TEXT_EX; i++) {
        if ((step1->items[i].len > 0) != third) {
            return oc_hsm_refuse(call, "step1: random%zu is %s", i - FACTOR_IN + 1,
                                 third ? "missing, which a card of the third generation needs"
                                       : "there, which only cards of the third generation have");
        }
    }
    return oc_ok();
}

oc_result oc_hsm_basic(struct oc_hsm_call *call)
{
    struct oc_hsm_string step1;
    struct oc_hsm_card card;
    OC_TRY(oc_hsm_read(call, &basic_layout, &step1));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    if (!oc_span_equal(step1.items[REGION], oc_span_slice(step1.items[CARD_ID], 0, 6))) {
        return oc_hsm_refuse(call, "step1: the region is not that of the card identifier");
    }
    OC_TRY(check_external_half(call, &step1));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    OC_TRY(oc_hsm_take_card(call, step1.items[HISTORICAL], step1.items[CARD_ID], &card));
    oc_key_question question;
    if (!oc_hsm_refused(call)) {
        OC_TRY(oc_hsm_ask(call, &card, oc_terminal_key_irk.name, 1, step1.alg, &question));
    }
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    char internal[DATA_ROOM];
    char external[DATA_ROOM] = "";
    OC_TRY(authentication_data(call, &question, step1.items[FACTOR_IN], step1.items[TEXT_IN], internal));
    if (step1.items[FACTOR_EX].len > 0) {
        OC_TRY(oc_hsm_ask(call, &card, oc_terminal_key_ssse_rk.name, 1, step1.alg, &question));
        OC_TRY(authentication_data(call, &question, step1.items[FACTOR_EX], step1.items[TEXT_EX], external));
    }
    char pkey[2 * DATA_ROOM + 2];
    snprintf(pkey, sizeof pkey, "%s|%s|", internal, external);
    return oc_hsm_refused(call) ? oc_ok() : accept(call, pkey);
}

static const struct oc_hsm_layout external_layout = {
    "step1",
    4,
    4,
    {{"the algorithm", OC_HSM_ALGORITHM, 0, 0, false},
     {"the key address", OC_HSM_HEX, OC_KEY_ADDRESS_LEN, OC_KEY_ADDRESS_LEN, false},
     {"random1", OC_HSM_HEX, 16, 16, false},
     {"random2", OC_HSM_HEX, 16, 16, false}},
};

/* Which keys a terminal may ask for, and for which business (ssc-terminal sheet 4.6); cards of generation 1.0 are read
 * with update keys too. */
static const struct {
    const char *prefix;
    const char *business;
} served[] = {{"RK", "01"}, {"PUK", "02"}, {"UK", "04"}, {"UK", "01"}};

static oc_result check_business(struct oc_hsm_call *call, const char *key)
{
    oc_span business = oc_fields_span(call->message->in, "business");
    const char *name = strchr(key, '/') + 1;
    bool known = false;
    for (size_t i = 0; i < sizeof served / sizeof served[0]; i++) {
        if (strncmp(name, served[i].prefix, strlen(served[i].prefix)) != 0) {
            continue;
        }
        known = true;
        if (business.len == 0 || oc_span_equal(business, oc_span_text(served[i].business))) {
            return oc_ok();
        }
    }
    return known ? oc_hsm_refuse(call, "field 'business' does not fit key %s", key)
                 : oc_hsm_refuse(call, "step1: key %s is not one to authenticate with", key);
}

oc_result oc_hsm_external(struct oc_hsm_call *call)
{
    struct oc_hsm_string step1;
    struct oc_hsm_card card;
    OC_TRY(oc_hsm_read(call, &external_layout, &step1));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    uint8_t version;
    const struct oc_terminal_key *key = oc_key_address_find(step1.items[1], &version);
    if (key == NULL) {
        return oc_hsm_refuse(call, "step1: the key address names no key");
    }
    OC_TRY(check_business(call, key->name));
    if (!oc_hsm_refused(call)) {
        OC_TRY(oc_hsm_card_of_fields(call, &card));
    }
    oc_key_question question;
    if (!oc_hsm_refused(call)) {
        OC_TRY(oc_hsm_ask(call, &card, key->name, version, step1.alg, &question));
    }
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    char data[DATA_ROOM];
    OC_TRY(authentication_data(call, &question, step1.items[2], step1.items[3], data));
    return accept(call, data);
}
