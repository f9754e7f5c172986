/* SPDX-License-Identifier: Apache-2.0 */
/* BF DE and 80 FA: temporary keys, and what is computed with them. */
#include "sim/psam/psam_internal.h"
#include "tests/mutants/frame/mutant.h"

#define INIT 0xBF, 0xDE, &oc_psam_app
#define CRYPT 0x80, 0xFA, &oc_psam_app

/* The factors in the body, the card's first. */
static size_t factors_of(const oc_card_context *context)
{
    return (size_t)(context->p1 >> 5);
}

static oc_result with_body(oc_card_context *context, oc_span body)
{
    oc_span right = context->body;
    context->body = body;
    oc_result r = mutant_right_handler(context);
    context->body = right;
    return r;
}

/* The factors are taken in the order in which they come. */
static oc_result order_of_the_wire(oc_card_context *context)
{
    uint8_t body[OC_CARD_DATA_MAX];
    size_t count = factors_of(context);
    if (context->body.len < count * OC_PSAM_FACTOR || context->body.len > sizeof body) {
        return mutant_right_handler(context);
    }
    memcpy(body, context->body.at, context->body.len);
    for (size_t i = 0; i < count; i++) {
        memcpy(body + i * OC_PSAM_FACTOR, context->body.at + (count - 1 - i) * OC_PSAM_FACTOR, OC_PSAM_FACTOR);
    }
    return with_body(context, oc_span_of(body, context->body.len));
}

/* Every level is made with the card's factor. */
static oc_result card_factor_alone(oc_card_context *context)
{
    uint8_t body[OC_CARD_DATA_MAX];
    size_t count = factors_of(context);
    if (context->body.len < count * OC_PSAM_FACTOR || context->body.len > sizeof body) {
        return mutant_right_handler(context);
    }
    memcpy(body, context->body.at, context->body.len);
    for (size_t i = 1; i < count; i++) {
        memcpy(body + i * OC_PSAM_FACTOR, body, OC_PSAM_FACTOR);
    }
    return with_body(context, oc_span_of(body, context->body.len));
}

/* A number that was not drawn by the card. */
static oc_result random_ignored(oc_card_context *context)
{
    uint8_t body[OC_CARD_DATA_MAX];
    size_t lead = factors_of(context) * OC_PSAM_FACTOR;
    if (context->body.len < lead || context->body.len > sizeof body) {
        return mutant_right_handler(context);
    }
    memcpy(body, context->body.at, lead);
    memset(body + lead, 0, context->body.len - lead);
    return with_body(context, oc_span_of(body, context->body.len));
}

static oc_result any_use(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    OC_TRY(mutant_right_handler(context));
    state->uses = state->temporary_ready ? OC_PSAM_ENCIPHER | OC_PSAM_MAC : 0;
    return oc_ok();
}

/* A purchase key makes a temporary key like any other. */
static oc_result purchase_key_too(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    oc_stored_key key;
    const oc_key_query query = {OC_KEY_KIND_PSAM, context->p2, OC_KEY_ANY, context->p1, OC_KEY_ANY, OC_KEY_ANY};
    size_t lead = factors_of(context) * OC_PSAM_FACTOR;
    if ((context->p1 & OC_PSAM_KIND_MASK) != OC_PSAM_KIND_PURCHASE || !oc_psam_find_key(context, &query, &key)) {
        return mutant_right_handler(context);
    }
    OC_TRY(oc_psam_session(context, &key, oc_span_slice(context->body, 0, lead),
                           oc_span_slice(context->body, lead, OC_PSAM_BLOCK_MAX), &state->temporary));
    state->uses = OC_PSAM_ENCIPHER | OC_PSAM_MAC;
    state->temporary_ready = true;
    return oc_ok();
}

/* A failed initialisation leaves the key before. */
static oc_result failure_keeps_key(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    oc_psam_state before = *state;
    OC_TRY(mutant_right_handler(context));
    if (!oc_sw_ok(context->sw)) {
        *state = before;
    }
    return oc_ok();
}

static oc_result missing_as_file(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    return context->sw.value == OC_SW_KEY_NOT_FOUND ? oc_card_answer(context, OC_SW_FILE_NOT_FOUND) : oc_ok();
}

/* An undefined usage, or one with a level too many, is taken, and makes no key. */
static oc_result any_usage(oc_card_context *context)
{
    bool defined = context->p1 >> 5 <= OC_PSAM_FACTORS_MAX && (context->p1 & OC_PSAM_KIND_MASK) <= OC_PSAM_KIND_LAST;
    return defined ? mutant_right_handler(context) : oc_card_answer(context, OC_SW_OK);
}

/* The temporary key stays after its group. */
static oc_result key_stays(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    oc_psam_state before = *state;
    OC_TRY(mutant_right_handler(context));
    if (before.temporary_ready && !state->temporary_ready) {
        *state = before;
        state->group = 0;
    }
    return oc_ok();
}

/* Each command of a group begins anew. */
static oc_result group_forgotten(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    if ((context->p1 & 0x04) == 0) {
        state->group = 0;
    }
    return mutant_right_handler(context);
}

/* A group goes on as anything, and with a vector. */
static oc_result groups_mixed(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    uint8_t use = (context->p1 & 0x01) != 0 ? OC_PSAM_MAC : OC_PSAM_ENCIPHER;
    bool fits = state->group == use && (context->p1 & 0x04) == 0;
    state->group = state->group != 0 && !fits ? 0 : state->group;
    return mutant_right_handler(context);
}

/* As if P1 had these bits alone, and the command the body. */
static oc_result with_p1(oc_card_context *context, uint8_t bits, oc_span body)
{
    uint8_t p1 = context->p1;
    context->p1 = p1 & bits;
    oc_result r = with_body(context, body);
    context->p1 = p1;
    return r;
}

/* The vector counts as data. */
static oc_result vector_as_data(oc_card_context *context)
{
    return with_p1(context, 0xFB, context->body);
}

static oc_result vector_ignored(oc_card_context *context)
{
    const oc_psam_state *state = context->state;
    size_t block = oc_alg_block((enum oc_alg)state->temporary.alg);
    if ((context->p1 & 0x04) == 0 || !state->temporary_ready || context->body.len < 2 * block) {
        return mutant_right_handler(context);
    }
    return with_p1(context, 0xFB, oc_span_slice(context->body, block, SIZE_MAX));
}

static oc_result mac_of_four(oc_card_context *context)
{
    OC_TRY(mutant_right_handler(context));
    if ((context->p1 & 0x01) != 0 && context->out.len > 4) {
        context->out.len = 4;
    }
    return oc_ok();
}

/* Only the first block is enciphered. */
static oc_result first_block_alone(oc_card_context *context)
{
    const oc_psam_state *state = context->state;
    size_t block = oc_alg_block((enum oc_alg)state->temporary.alg);
    size_t len = context->body.len;
    OC_TRY(mutant_right_handler(context));
    if ((context->p1 & 0x01) == 0 && oc_sw_ok(context->sw) && context->out.len == len && len > block) {
        memcpy(context->out.at + block, context->body.at + block, len - block);
    }
    return oc_ok();
}

/* What is no whole block is filled up with 00. */
static oc_result fills_up(oc_card_context *context)
{
    const oc_psam_state *state = context->state;
    uint8_t body[OC_CARD_DATA_MAX + OC_PSAM_BLOCK_MAX] = {0};
    size_t block = oc_alg_block((enum oc_alg)state->temporary.alg);
    if (!state->temporary_ready || context->body.len > OC_CARD_DATA_MAX) {
        return mutant_right_handler(context);
    }
    memcpy(body, context->body.at, context->body.len);
    return with_body(context, oc_span_of(body, (context->body.len + block - 1) / block * block));
}

/* Bits of P1 that mean nothing are nothing to it. */
static oc_result p1_masked(oc_card_context *context)
{
    return with_p1(context, 0x07, context->body);
}

/* Without a temporary key one of zeros is used. */
static oc_result key_of_zeros(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    if (!state->temporary_ready) {
        const uint8_t zeros[OC_KEY_SIZE] = {0};
        OC_TRY(oc_key_load(&state->temporary, OC_ALG_SM4, oc_span_of(zeros, sizeof zeros)));
        state->uses = OC_PSAM_ENCIPHER | OC_PSAM_MAC;
        state->temporary_ready = true;
    }
    return mutant_right_handler(context);
}

static void any_parameters(oc_card_command *row)
{
    row->parameters = NULL;
    row->p1_mask = row->p2_mask = 0;
}

static const struct mutant rows[] = {
    {.id = "psam.diversify.order-of-the-wire", .commands = {{INIT, .handler = order_of_the_wire}}},
    {.id = "psam.diversify.card-factor-alone", .commands = {{INIT, .handler = card_factor_alone}}},
    {.id = "psam.session.random-ignored", .commands = {{INIT, .handler = random_ignored}}},
    {.id = "psam.kind.any-use", .commands = {{INIT, .handler = any_use}}},
    {.id = "psam.kind.purchase-key-too", .commands = {{INIT, .handler = purchase_key_too}}},
    {.id = "psam.temporary.failure-keeps-key", .commands = {{INIT, .handler = failure_keeps_key}}},
    {.id = "psam.init.missing-as-file", .commands = {{INIT, .handler = missing_as_file}}},
    {.id = "psam.init.any-usage", .commands = {{INIT, .handler = any_usage, .change = any_parameters}}},
    {.id = "psam.temporary.key-stays", .commands = {{CRYPT, .handler = key_stays}}},
    {.id = "psam.temporary.zeros", .commands = {{CRYPT, .handler = key_of_zeros}}},
    {.id = "psam.chain.group-forgotten", .commands = {{CRYPT, .handler = group_forgotten}}},
    {.id = "psam.group.mixed", .commands = {{CRYPT, .handler = groups_mixed}}},
    {.id = "psam.mac.vector-as-data", .commands = {{CRYPT, .handler = vector_as_data}}},
    {.id = "psam.mac.vector-ignored", .commands = {{CRYPT, .handler = vector_ignored}}},
    {.id = "psam.mac.four-bytes", .commands = {{CRYPT, .handler = mac_of_four}}},
    {.id = "psam.encipher.first-block-alone", .commands = {{CRYPT, .handler = first_block_alone}}},
    {.id = "psam.length.filled-up", .commands = {{CRYPT, .handler = fills_up}}},
    {.id = "psam.parameters.p1-masked", .commands = {{CRYPT, .handler = p1_masked, .change = any_parameters}}},
};
MUTANT_TABLE(rows);
