/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/ssc.h"
#include "sim/psam/psam_internal.h"

/* 80 70 INIT SAM FOR PURCHASE and 80 72 CREDIT SAM FOR PURCHASE (ssc-card sheet 8). */

#define FID_TERMINAL 0x0016 /* of the environment, else of the MF: terminal number */
#define FID_SEQUENCE 0x0018 /* of the directory: the same number as a PBOC PSAM has it; may be missing */
#define FID_SERIAL 0x0019   /* of the directory: terminal transaction sequence number */
#define SERIAL_SPENT 0u     /* in its place once FFFFFFFF was given out */
#define FID_INDEX 0x001C    /* of the directory: purchase key index of the city */
#define TERMINAL 6
#define SERIAL 4
#define MAC 4
#define AMOUNT 4
#define FIXED 0x1C /* bytes of 80 70 before the factors */
#define ONE_LEVEL (FIXED + OC_PSAM_FACTOR)
#define TWO_LEVELS (FIXED + 2 * OC_PSAM_FACTOR)

typedef struct order {
    oc_span random;
    oc_span number;
    oc_span amounts;
    uint8_t type;
    oc_span date_time;
    uint8_t version;
    uint8_t alg;
    oc_span factors;
} order;

static order parse(oc_span body)
{
    oc_rd rd = oc_rd_of(body);
    order o;
    o.random = oc_rd_bytes(&rd, 4);
    o.number = oc_rd_bytes(&rd, 2);
    o.amounts = oc_rd_bytes(&rd, OC_PSAM_AMOUNTS);
    o.type = oc_rd_u8(&rd);
    o.date_time = oc_rd_bytes(&rd, 7);
    o.version = oc_rd_u8(&rd);
    o.alg = oc_rd_u8(&rd);
    o.factors = rd.rest;
    return o;
}

/* Where `len` bytes of a transparent file lie; OC_FS_NONE when they do not. */
static uint32_t content(const oc_card_context *context, uint32_t dir, uint16_t fid, size_t len)
{
    uint32_t file = oc_fs_child(context->nvm, dir, fid);
    if (file == OC_FS_NONE) {
        return OC_FS_NONE;
    }
    oc_ef ef;
    oc_fs_load_ef(context->nvm, file, &ef);
    return ef.kind == OC_PERSO_TRANSPARENT && ef.size >= len ? ef.body : OC_FS_NONE;
}

/* The purchase key of as many levels as there are factors, in the version and algorithm that the card named. Where
 * there are several, the one with the city's index. */
static bool find_purchase_key(const oc_card_context *context, const order *o, oc_stored_key *key)
{
    unsigned usage = (unsigned)(o->factors.len / OC_PSAM_FACTOR) << 5 | OC_PSAM_KIND_PURCHASE;
    oc_key_query query = {OC_KEY_KIND_PSAM, OC_KEY_ANY, o->version, (int)usage, OC_KEY_ANY, o->alg};
    uint32_t index_at = content(context, context->dir, FID_INDEX, 1);
    if (index_at != OC_FS_NONE) {
        query.index = *oc_nvm_view(context->nvm, index_at, 1);
        if (oc_psam_find_key(context, &query, key)) {
            return true;
        }
        query.index = OC_KEY_ANY;
    }
    return oc_psam_find_key(context, &query, key);
}

/* Session random || card number || low half of the serial, or the card number again; MAC1 over amounts, of which the
 * first may be taken as 0, type, terminal and time. The key's options tell (perso_format.h). */
static oc_result compute(oc_card_context *context, const order *o, const oc_stored_key *key, uint32_t terminal_at,
                         const uint8_t serial[SERIAL], uint8_t mac1[MAC])
{
    oc_psam_state *state = context->state;
    uint8_t data[48];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, o->random);
    oc_wr_bytes(&wr, o->number);
    oc_wr_bytes(&wr,
                (key->options & OC_KEY_OPTION_CARD_SEQUENCE) != 0 ? o->number : oc_span_of(serial + SERIAL - 2, 2));
    OC_TRY(oc_psam_session(context, key, o->factors, oc_wr_span(&wr), &state->purchase));
    uint8_t terminal[TERMINAL];
    oc_nvm_read(context->nvm, terminal_at, terminal, sizeof terminal);
    wr.len = 0;
    bool zero = (key->options & OC_KEY_OPTION_MAC1_ZERO) != 0;
    oc_wr_fill(&wr, 0x00, zero ? AMOUNT : 0);
    oc_wr_bytes(&wr, oc_span_slice(o->amounts, zero ? AMOUNT : 0, OC_PSAM_AMOUNTS));
    oc_wr_u8(&wr, o->type);
    oc_wr_bytes(&wr, oc_span_of(terminal, sizeof terminal));
    oc_wr_bytes(&wr, o->date_time);
    return oc_ssc_mac4(context->crypto, &state->purchase, oc_span_empty(), oc_wr_span(&wr), mac1);
}

/* The next number stands in the files before this one is given out: 9000 or 9402. */
static oc_result take_serial(oc_card_context *context, uint32_t serial_at, uint8_t serial[SERIAL])
{
    oc_nvm_read(context->nvm, serial_at, serial, SERIAL);
    oc_rd rd = oc_rd_of(oc_span_of(serial, SERIAL));
    uint32_t number = oc_rd_u32(&rd);
    if (number == SERIAL_SPENT) {
        return oc_card_answer(context, OC_SW_COUNTER);
    }
    uint8_t next[SERIAL];
    oc_wr wr = oc_wr_of(next, sizeof next);
    oc_wr_u32(&wr, number + 1);
    uint32_t sequence_at = content(context, context->dir, FID_SEQUENCE, SERIAL);
    if (sequence_at != OC_FS_NONE) {
        OC_TRY(oc_nvm_write(context->nvm, sequence_at, oc_wr_span(&wr)));
    }
    return oc_nvm_write(context->nvm, serial_at, oc_wr_span(&wr));
}

static oc_result init_with(oc_card_context *context, const order *o, const oc_stored_key *key, uint32_t terminal_at,
                           uint32_t serial_at)
{
    oc_psam_state *state = context->state;
    uint8_t serial[SERIAL];
    uint8_t mac1[MAC];
    OC_TRY(take_serial(context, serial_at, serial));
    if (!oc_sw_ok(context->sw)) {
        return oc_ok();
    }
    OC_TRY(compute(context, o, key, terminal_at, serial, mac1));
    memcpy(state->amounts, o->amounts.at, sizeof state->amounts);
    state->purchase_entry = *key;
    oc_wipe(state->purchase_entry.secret, sizeof state->purchase_entry.secret);
    state->purchase_ready = true;
    oc_wr_bytes(&context->out, oc_span_of(serial, sizeof serial));
    oc_wr_bytes(&context->out, oc_span_of(mac1, sizeof mac1));
    return oc_ok();
}

static void forget_purchase(oc_psam_state *state)
{
    state->purchase_ready = false;
    oc_key_wipe(&state->purchase);
}

oc_result oc_psam_init_purchase(oc_card_context *context)
{
    forget_purchase(context->state);
    if (context->body.len != ONE_LEVEL && context->body.len != TWO_LEVELS) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    oc_sw sw = oc_psam_ready(context);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    order o = parse(context->body);
    if (!oc_alg_known(o.alg)) {
        return oc_card_answer(context, OC_SW_NOT_SUPPORTED);
    }
    uint32_t terminal_at = content(context, context->environment, FID_TERMINAL, TERMINAL);
    terminal_at = terminal_at == OC_FS_NONE ? content(context, OC_FS_MF, FID_TERMINAL, TERMINAL) : terminal_at;
    uint32_t serial_at = content(context, context->dir, FID_SERIAL, SERIAL);
    if (terminal_at == OC_FS_NONE || serial_at == OC_FS_NONE) {
        return oc_card_answer(context, OC_SW_FILE_NOT_FOUND);
    }
    oc_stored_key key;
    if (!find_purchase_key(context, &o, &key)) {
        return oc_card_answer(context, OC_SW_KEY_INDEX);
    }
    oc_result r = oc_key_blocked(&key) ? oc_card_answer(context, OC_SW_BLOCKED)
                                       : init_with(context, &o, &key, terminal_at, serial_at);
    oc_wipe(&key, sizeof key);
    return r;
}

/* MAC2 over A || B || C. Right or wrong, the session ends. A wrong one costs a try before it is answered; the right one,
 * which is every payment, writes only where tries were lost. Power taken away in between gains nothing: without the
 * answer nobody learns that a MAC2 was wrong. */
oc_result oc_psam_credit_purchase(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    if (!state->purchase_ready) {
        return oc_card_answer(context, OC_SW_NOT_ACCEPTED);
    }
    uint8_t mac2[MAC];
    oc_result r = oc_ssc_mac4(context->crypto, &state->purchase, oc_span_empty(),
                              oc_span_of(state->amounts, sizeof state->amounts), mac2);
    forget_purchase(state);
    OC_TRY(r);
    if (!oc_span_equal_secret(context->body, oc_span_of(mac2, sizeof mac2))) {
        OC_TRY(oc_key_attempt(context->nvm, &state->purchase_entry));
        return oc_card_answer(context, OC_SW_MAC_INVALID);
    }
    return oc_key_restore(context->nvm, &state->purchase_entry);
}
