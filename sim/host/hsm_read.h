/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_HSM_READ_H
#define OC_HOST_HSM_READ_H

#include "sim/host/hsm.h"

/* Private to the sources named hsm*.c: the strings of the steps, and which card and key they mean. */

enum oc_hsm_form { OC_HSM_ALGORITHM, OC_HSM_HEX, OC_HSM_DIGITS };

struct oc_hsm_item {
    const char *name;
    enum oc_hsm_form form;
    uint8_t least; /* characters */
    uint8_t most;
    bool may_be_empty;
};

#define OC_HSM_ITEMS_MAX 9

/* What a field holds: items closed by '|'; the last bar may be missing. */
struct oc_hsm_layout {
    const char *field; /* "step1" */
    size_t least;
    size_t most;
    struct oc_hsm_item items[OC_HSM_ITEMS_MAX];
};

struct oc_hsm_string {
    oc_span items[OC_HSM_ITEMS_MAX]; /* absent ones empty */
    enum oc_alg alg;                 /* where the layout has an algorithm */
};

static inline bool oc_hsm_refused(const struct oc_hsm_call *call)
{
    return call->why[0] != '\0';
}

/* Notes what is wrong. Always OK, so that `return oc_hsm_refuse(...)` ends a function. */
oc_result oc_hsm_refuse(struct oc_hsm_call *call, const char *format, ...) OC_PRINTF(2, 3);

/* Reads the message's field by its layout. */
OC_MUST_USE oc_result oc_hsm_read(struct oc_hsm_call *call, const struct oc_hsm_layout *layout,
                                  struct oc_hsm_string *out);

/* The bytes of an item that is hex digits; exactly 2 * `len` of them were read. */
void oc_hsm_bytes(oc_span hex, uint8_t *out, size_t len);

/* The factors of a card, from its historical bytes and its card id code, both in hex (ssc-card sheet 6.3). */
struct oc_hsm_card {
    uint8_t factors[OC_KEY_FACTORS_MAX][8];
    size_t count; /* 0: the provider's own card */
};

OC_MUST_USE oc_result oc_hsm_take_card(struct oc_hsm_call *call, oc_span historical, oc_span card_id,
                                       struct oc_hsm_card *out);
/* The same from the fields "atr" and "card-id"; without both, the provider's own card. */
OC_MUST_USE oc_result oc_hsm_card_of_fields(struct oc_hsm_call *call, struct oc_hsm_card *out);

/* A question about the key "DF01/UK1" of the card, whose algorithm has to be `alg`. It borrows `card`. */
OC_MUST_USE oc_result oc_hsm_ask(struct oc_hsm_call *call, const struct oc_hsm_card *card, const char *key,
                                 uint8_t version, enum oc_alg alg, oc_key_question *out);

/* Appends hex digits to a text that ends in NUL. */
void oc_hsm_append_hex(char *text, size_t room, oc_span bytes);

#endif
