/* SPDX-License-Identifier: Apache-2.0 */
/* Purchases: 80 70 and 80 72. */
#include "sim/psam/psam_internal.h"
#include "tests/mutants/frame/mutant.h"

#define BEGIN 0x80, 0x70, &oc_psam_app
#define CHECK 0x80, 0x72, &oc_psam_app

/* Where a field stands in the body of 80 70. */
enum { AMOUNTS_AT = 6, TYPE_AT = 18, TIME_AT = 19, VERSION_AT = 26, ALG_AT = 27, FACTORS_AT = 28 };
#define FID_SERIAL 0x0019
#define FID_SEQUENCE 0x0018

static oc_result with_body(oc_card_context *context, const uint8_t *body, size_t len)
{
    oc_span right = context->body;
    context->body = oc_span_of(body, len);
    oc_result r = mutant_right_handler(context);
    context->body = right;
    return r;
}

typedef void alteration(uint8_t *body, size_t len);

static oc_result altered(oc_card_context *context, alteration *alter)
{
    uint8_t body[OC_CARD_DATA_MAX];
    if (context->body.len < FACTORS_AT || context->body.len > sizeof body) {
        return mutant_right_handler(context);
    }
    memcpy(body, context->body.at, context->body.len);
    alter(body, context->body.len);
    return with_body(context, body, context->body.len);
}

static void type_is_load(uint8_t *body, size_t len)
{
    (void)len;
    body[TYPE_AT] = 0x31;
}

static oc_result other_type(oc_card_context *context)
{
    return altered(context, type_is_load);
}

static void no_time(uint8_t *body, size_t len)
{
    (void)len;
    memset(body + TIME_AT, 0, 7);
}

static oc_result time_ignored(oc_card_context *context)
{
    return altered(context, no_time);
}

/* The amounts change places: own and pooled. */
static void other_order(uint8_t *body, size_t len)
{
    uint8_t own[4];
    (void)len;
    memcpy(own, body + AMOUNTS_AT, 4);
    memcpy(body + AMOUNTS_AT, body + AMOUNTS_AT + 8, 4);
    memcpy(body + AMOUNTS_AT + 8, own, 4);
}

static oc_result amounts_swapped(oc_card_context *context)
{
    return altered(context, other_order);
}

static void turned_round(uint8_t *body, size_t len)
{
    uint8_t card[OC_PSAM_FACTOR];
    if (len == FACTORS_AT + 2 * OC_PSAM_FACTOR) {
        memcpy(card, body + FACTORS_AT, sizeof card);
        memcpy(body + FACTORS_AT, body + FACTORS_AT + OC_PSAM_FACTOR, OC_PSAM_FACTOR);
        memcpy(body + FACTORS_AT + OC_PSAM_FACTOR, card, sizeof card);
    }
}

static oc_result factors_turned_round(oc_card_context *context)
{
    return altered(context, turned_round);
}

/* The first version is taken whatever the card names. */
static void first_version(uint8_t *body, size_t len)
{
    (void)len;
    body[VERSION_AT] = 1;
}

static oc_result version_ignored(oc_card_context *context)
{
    return altered(context, first_version);
}

/* An algorithm that it does not have is taken for its own. */
static void own_algorithm(uint8_t *body, size_t len)
{
    (void)len;
    body[ALG_AT] = (uint8_t)(oc_alg_known(body[ALG_AT]) ? body[ALG_AT] : OC_ALG_SM4);
}

static oc_result algorithm_ignored(oc_card_context *context)
{
    return altered(context, own_algorithm);
}

/* Where the content of a transparent file of the directory lies; OC_FS_NONE without it. */
static uint32_t content_of(const oc_card_context *context, uint16_t fid)
{
    oc_ef ef;
    uint32_t file = oc_fs_child(context->nvm, context->dir, fid);
    if (file == OC_FS_NONE) {
        return OC_FS_NONE;
    }
    oc_fs_load_ef(context->nvm, file, &ef);
    return ef.body;
}

/* Adds to the number in a file what `step` says, after the right handler was there. */
static oc_result step_file(oc_card_context *context, uint16_t fid, uint32_t step)
{
    uint8_t number[4];
    uint32_t at = content_of(context, fid);
    if (at == OC_FS_NONE) {
        return oc_ok();
    }
    oc_nvm_read(context->nvm, at, number, sizeof number);
    oc_rd rd = oc_rd_of(oc_span_of(number, sizeof number));
    oc_wr wr = oc_wr_of(number, sizeof number);
    oc_wr_u32(&wr, oc_rd_u32(&rd) + step);
    return oc_nvm_write(context->nvm, at, oc_wr_span(&wr));
}

static oc_result serial_stands(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    if (!oc_sw_ok(context->sw)) {
        return oc_ok();
    }
    OC_TRY(step_file(context, FID_SEQUENCE, UINT32_MAX));
    return step_file(context, FID_SERIAL, UINT32_MAX);
}

static oc_result serial_by_two(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    if (!oc_sw_ok(context->sw)) {
        return oc_ok();
    }
    OC_TRY(step_file(context, FID_SEQUENCE, 1));
    return step_file(context, FID_SERIAL, 1);
}

static oc_result sequence_stands(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    return oc_sw_ok(context->sw) ? step_file(context, FID_SEQUENCE, UINT32_MAX) : oc_ok();
}

/* A refusal costs a number. */
static oc_result refusal_counts(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    return context->sw.value == OC_SW_KEY_INDEX ? step_file(context, FID_SERIAL, 1) : oc_ok();
}

/* The number goes up when the purchase is complete. */
static oc_result serial_later(oc_card_context *context)
{
    return context->ins == INS_PSAM_INIT_PURCHASE ? serial_stands(context) : mutant_right_handler(context);
}

static oc_result counts_at_the_end(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    return oc_sw_ok(context->sw) ? step_file(context, FID_SERIAL, 1) : oc_ok();
}

/* A session that a refused initialisation leaves. */
static oc_result refusal_keeps_session(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    oc_psam_state before = *state;
    OC_TRY(mutant_right_handler(context));
    if (!oc_sw_ok(context->sw)) {
        *state = before;
    }
    return oc_ok();
}

/* MAC2 */

static oc_result session_stays(oc_card_context *context, bool right)
{
    oc_psam_state *state = context->state;
    oc_psam_state before = *state;
    OC_TRY(mutant_right_handler(context));
    if (before.purchase_ready && (oc_sw_ok(context->sw) == right)) {
        *state = before;
    }
    return oc_ok();
}

static oc_result stays_after_right(oc_card_context *context)
{
    return session_stays(context, true);
}

static oc_result stays_after_wrong(oc_card_context *context)
{
    return session_stays(context, false);
}

/* Without an initialisation any MAC2 is right. */
static oc_result unasked(oc_card_context *context)
{
    const oc_psam_state *state = context->state;
    return state->purchase_ready ? mutant_right_handler(context) : oc_card_answer(context, OC_SW_OK);
}

static oc_result wrong_as_data(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    return context->sw.value == OC_SW_MAC_INVALID ? oc_card_answer(context, OC_SW_SM_DATA) : oc_ok();
}

static bool half_equal(oc_span a, oc_span b)
{
    return mutant_equal(oc_span_slice(a, 0, a.len / 2), oc_span_slice(b, 0, b.len / 2));
}

static oc_result tries_uncounted(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    oc_stored_key key = state->purchase_entry;
    bool ready = state->purchase_ready;
    OC_TRY(mutant_right_handler(context));
    return ready && context->sw.value == OC_SW_MAC_INVALID ? oc_key_restore(context->nvm, &key) : oc_ok();
}

static oc_result tries_not_given_back(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    oc_stored_key key = state->purchase_entry;
    unsigned left = state->purchase_ready ? oc_key_left(&key) : 0;
    OC_TRY(mutant_right_handler(context));
    while (left > 0 && oc_sw_ok(context->sw) && oc_key_left(&state->purchase_entry) > left) {
        OC_TRY(oc_key_attempt(context->nvm, &state->purchase_entry));
    }
    return oc_ok();
}

static bool equal_always(oc_span a, oc_span b)
{
    (void)a;
    (void)b;
    return true;
}

static const struct mutant rows[] = {
    {.id = "psam.mac2.unchecked", .equal = equal_always},
    {.id = "psam.mac1.other-type", .commands = {{BEGIN, .handler = other_type}}},
    {.id = "psam.mac1.time-ignored", .commands = {{BEGIN, .handler = time_ignored}}},
    {.id = "psam.mac1.amounts-swapped", .commands = {{BEGIN, .handler = amounts_swapped}}},
    {.id = "psam.purchase.factors-turned-round", .commands = {{BEGIN, .handler = factors_turned_round}}},
    {.id = "psam.purchase.version-ignored", .commands = {{BEGIN, .handler = version_ignored}}},
    {.id = "psam.purchase.algorithm-ignored", .commands = {{BEGIN, .handler = algorithm_ignored}}},
    {.id = "psam.serial.stands", .commands = {{BEGIN, .handler = serial_stands}}},
    {.id = "psam.serial.by-two", .commands = {{BEGIN, .handler = serial_by_two}}},
    {.id = "psam.serial.sequence-stands", .commands = {{BEGIN, .handler = sequence_stands}}},
    {.id = "psam.serial.refusal-counts", .commands = {{BEGIN, .handler = refusal_counts}}},
    {.id = "psam.serial.counted-at-the-end",
     .commands = {{BEGIN, .handler = serial_later}, {CHECK, .handler = counts_at_the_end}}},
    {.id = "psam.purchase.refusal-keeps-session", .commands = {{BEGIN, .handler = refusal_keeps_session}}},
    {.id = "psam.mac2.twice", .commands = {{CHECK, .handler = stays_after_right}}},
    {.id = "psam.mac2.after-wrong", .commands = {{CHECK, .handler = stays_after_wrong}}},
    {.id = "psam.mac2.unasked", .commands = {{CHECK, .handler = unasked}}},
    {.id = "psam.mac2.other-word", .commands = {{CHECK, .handler = wrong_as_data}}},
    {.id = "psam.mac2.half-compared", .equal = half_equal},
    {.id = "psam.mac2.tries-uncounted", .commands = {{CHECK, .handler = tries_uncounted}}},
    {.id = "psam.mac2.tries-not-given-back", .commands = {{CHECK, .handler = tries_not_given_back}}},
};
MUTANT_TABLE(rows);
