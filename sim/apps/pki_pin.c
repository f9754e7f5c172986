/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/pki_internal.h"

/* Master key and PINs: authentication, change, reload. */
#define PIN_MIN 2 /* bytes, as LOAD KEY of the personalisation admits them */
#define PIN_MAX 8
#define LOADED_KEY 0x13 /* three bytes of header and a key */

oc_result oc_pki_master_key(oc_card_context *context)
{
    oc_stored_key stored;
    if (!oc_pki_find(context, OC_KEY_KIND_MASTER, 0, &stored)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = oc_pki_authenticate(context, &stored);
    oc_pki_state_of(context)->master_passed = oc_is_ok(r) && oc_sw_ok(context->sw);
    oc_wipe(&stored, sizeof stored);
    return r;
}

static bool is_verified(const oc_card_context *context)
{
    return context->p2 == OC_PKI_USER ? oc_card_pin_verified(context->card)
                                      : oc_pki_state_of(context)->administrator_verified;
}

static void set_verified(oc_card_context *context, bool verified)
{
    if (context->p2 == OC_PKI_USER) {
        oc_card_set_pin_verified(context->card, verified);
    } else {
        oc_pki_state_of(context)->administrator_verified = verified;
    }
}

/* As the built-in VERIFY: without a body nothing changes. */
static oc_result verify_with(oc_card_context *context, oc_stored_key *pin)
{
    if (context->body.len == 0) {
        unsigned left = oc_key_blocked(pin) ? OC_SW_BLOCKED : oc_sw_tries(oc_key_left(pin)).value;
        return oc_card_answer(context, is_verified(context) ? OC_SW_OK : left);
    }
    if (context->body.len != OC_PKI_BLOCK) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    OC_TRY(oc_pki_authenticate(context, pin));
    /* Blocked, or without a challenge, nothing was compared. */
    if (oc_sw_ok(context->sw) || context->sw.value >> 8 == 0x63) {
        set_verified(context, oc_sw_ok(context->sw));
    }
    return oc_ok();
}

oc_result oc_pki_verify(oc_card_context *context)
{
    oc_stored_key pin;
    if (!oc_pki_find(context, OC_KEY_KIND_PIN, context->p2, &pin)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = verify_with(context, &pin);
    oc_wipe(&pin, sizeof pin);
    return r;
}

static bool padded(oc_rd *rd)
{
    bool right = oc_rd_u8(rd) == 0x80;
    while (rd->rest.len > 0) {
        right = oc_rd_u8(rd) == 0 && right;
    }
    return right && !rd->bad;
}

/* length || packed digits || 80 00.. */
static bool parse_pin(oc_span plain, oc_span *pin)
{
    oc_rd rd = oc_rd_of(plain);
    size_t len = oc_rd_u8(&rd);
    *pin = oc_rd_bytes(&rd, len);
    bool digits = len >= PIN_MIN && len <= PIN_MAX;
    for (size_t i = 0; digits && i < pin->len; i++) {
        /* An odd count of digits is closed with F. */
        bool last = i + 1 == pin->len && (pin->at[i] & 0x0F) == 0x0F;
        digits = pin->at[i] >> 4 <= 9 && ((pin->at[i] & 0x0F) <= 9 || last);
    }
    return digits && padded(&rd);
}

/* Opens the body under `proof` and makes what is in it the value of `pin`, with full tries. */
static oc_result set_pin(oc_card_context *context, oc_stored_key *proof, oc_stored_key *pin)
{
    uint8_t plain[OC_PKI_BLOCK];
    OC_TRY(oc_pki_open(context, proof, plain));
    if (!oc_sw_ok(context->sw)) {
        return oc_ok();
    }
    oc_span fresh;
    oc_result r;
    if (parse_pin(oc_span_of(plain, sizeof plain), &fresh)) {
        uint8_t secret[OC_KEY_SIZE];
        memset(secret, 0xFF, sizeof secret);
        memcpy(secret, fresh.at, fresh.len);
        pin->alg = (uint8_t)fresh.len;
        r = oc_key_replace(context->nvm, pin, secret);
        oc_wipe(secret, sizeof secret);
    } else {
        r = oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    oc_wipe(plain, sizeof plain);
    return r;
}

/* The PIN status stays as it was (project choice). */
oc_result oc_pki_change_pin(oc_card_context *context)
{
    oc_stored_key pin;
    if (!oc_pki_find(context, OC_KEY_KIND_PIN, context->p2, &pin)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = set_pin(context, &pin, &pin);
    oc_wipe(&pin, sizeof pin);
    return r;
}

oc_result oc_pki_reload_pin(oc_card_context *context)
{
    oc_stored_key administrator;
    oc_stored_key user;
    if (!oc_pki_find(context, OC_KEY_KIND_PIN, OC_PKI_ADMINISTRATOR, &administrator) ||
        !oc_pki_find(context, OC_KEY_KIND_PIN, OC_PKI_USER, &user)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = oc_pki_state_of(context)->administrator_verified ? set_pin(context, &administrator, &user)
                                                                   : oc_card_answer(context, OC_SW_SECURITY_STATUS);
    oc_wipe(&administrator, sizeof administrator);
    oc_wipe(&user, sizeof user);
    return r;
}

static oc_result replace_master(oc_card_context *context, oc_stored_key *master)
{
    uint8_t plain[2 * OC_PKI_BLOCK];
    OC_TRY(oc_pki_open(context, master, plain));
    if (!oc_sw_ok(context->sw)) {
        return oc_ok();
    }
    oc_rd rd = oc_rd_of(oc_span_of(plain, sizeof plain));
    bool right = oc_rd_u8(&rd) == LOADED_KEY;
    oc_span header = oc_rd_bytes(&rd, 3);
    static const uint8_t of_master[3];
    oc_span fresh = oc_rd_bytes(&rd, OC_KEY_SIZE);
    right = right && oc_span_equal(header, oc_span_of(of_master, sizeof of_master)) && padded(&rd);
    oc_result r = right ? oc_key_replace(context->nvm, master, fresh.at) : oc_card_answer(context, OC_SW_WRONG_DATA);
    oc_wipe(plain, sizeof plain);
    return r;
}

oc_result oc_pki_load_key(oc_card_context *context)
{
    oc_stored_key master;
    if (!oc_pki_find(context, OC_KEY_KIND_MASTER, 0, &master)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = oc_pki_state_of(context)->master_passed ? replace_master(context, &master)
                                                          : oc_card_answer(context, OC_SW_SECURITY_STATUS);
    oc_wipe(&master, sizeof master);
    return r;
}
