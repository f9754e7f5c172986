/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

#define PIN_ID 0
#define PIN_LENGTH_MAX 8 /* bytes, as LOAD KEY admits them */
#define PIN_SEPARATOR 0xFF

/* The PIN of the environment. Its `alg` field is its length in bytes (perso_format.h). */
static bool find_pin(const oc_card_context *context, oc_stored_key *pin)
{
    oc_key_query query = {OC_KEY_KIND_PIN, PIN_ID, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    return oc_key_find(context->nvm, context->environment, &query, pin);
}

/* Compares after the try is paid for. A wrong PIN also clears the PIN status. 9000, 63Cx or 6983. */
static oc_result compare(oc_card_context *context, oc_stored_key *pin, oc_span given, bool *right)
{
    *right = false;
    if (oc_key_blocked(pin)) {
        return oc_card_answer(context, OC_SW_BLOCKED);
    }
    OC_TRY(oc_key_attempt(context->nvm, pin));
    *right = oc_span_equal_secret(given, oc_span_of(pin->secret, pin->alg));
    if (!*right) {
        context->card->session.pin_verified = false;
        return oc_card_answer(context, oc_sw_tries(oc_key_left(pin)).value);
    }
    return oc_ok();
}

/* Without a body: 9000 when the PIN is verified, else 63Cx with the tries left, or 6983 (ISO/IEC 7816-4 11.6.6;
 * nothing changes). */
static oc_result pin_status(oc_card_context *context, const oc_stored_key *pin)
{
    if (context->card->session.pin_verified) {
        return oc_ok();
    }
    return oc_card_answer(context, oc_key_blocked(pin) ? OC_SW_BLOCKED : oc_sw_tries(oc_key_left(pin)).value);
}

static oc_result verify_with(oc_card_context *context, oc_stored_key *pin)
{
    if (context->body.len == 0) {
        return pin_status(context, pin);
    }
    if (context->body.len != pin->alg) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    bool right;
    OC_TRY(compare(context, pin, context->body, &right));
    if (right) {
        OC_TRY(oc_key_restore(context->nvm, pin));
        context->card->session.pin_verified = true;
    }
    return oc_ok();
}

static oc_result verify(oc_card_context *context)
{
    oc_stored_key pin;
    if (!find_pin(context, &pin)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = verify_with(context, &pin);
    oc_wipe(&pin, sizeof pin);
    return r;
}

/* old PIN || FF || new PIN, both as long as the stored one (sheet 7). The new PIN and fresh tries go in with one
 * write. The PIN status stays as it was (project choice). */
static oc_result change_with(oc_card_context *context, oc_stored_key *pin)
{
    size_t len = pin->alg;
    if (context->body.len != 2 * len + 1) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    oc_span fresh = oc_span_slice(context->body, len + 1, len);
    if (context->body.at[len] != PIN_SEPARATOR || !oc_span_is_digits(fresh)) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    bool right;
    OC_TRY(compare(context, pin, oc_span_slice(context->body, 0, len), &right));
    if (!right) {
        return oc_ok();
    }
    uint8_t secret[OC_KEY_SIZE];
    memset(secret, 0xFF, sizeof secret);
    memcpy(secret, fresh.at, fresh.len);
    oc_result r = oc_key_replace(context->nvm, pin, secret);
    oc_wipe(secret, sizeof secret);
    return r;
}

static oc_result change_pin(oc_card_context *context)
{
    oc_stored_key pin;
    if (!find_pin(context, &pin)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = change_with(context, &pin);
    oc_wipe(&pin, sizeof pin);
    return r;
}

static const oc_card_command commands[] = {
    {0x00, 0x20, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0, PIN_LENGTH_MAX, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     verify},
    {0x80, 0x5E, 0x01, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 5, 2 * PIN_LENGTH_MAX + 1, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     change_pin},
};

const oc_card_family oc_card_pin_family = {commands, sizeof commands / sizeof commands[0]};
