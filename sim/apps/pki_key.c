/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/pki_internal.h"

/* Key pairs: made on the card or brought in, in their files. */

static size_t key_len(uint8_t tag)
{
    return tag == OC_PKI_TAG_PUBLIC_KEY ? OC_SM2_POINT : OC_SM2_SCALAR;
}

/* A transparent file of the current directory with room for tag, length and key. */
static bool find_file(const oc_card_context *context, uint16_t fid, uint8_t tag, oc_ef *ef)
{
    uint32_t file = oc_fs_child(context->nvm, context->dir, fid);
    if (file == OC_FS_NONE || oc_fs_is_dir(context->nvm, file)) {
        return false;
    }
    oc_fs_load_ef(context->nvm, file, ef);
    return ef->kind == OC_PERSO_TRANSPARENT && ef->size >= 2 + key_len(tag);
}

oc_result oc_pki_read_key(oc_card_context *context, uint16_t fid, uint8_t tag, uint8_t *out, oc_sw *sw)
{
    oc_ef ef;
    uint8_t head[2];
    *sw = oc_sw_of(OC_SW_FILE_NOT_FOUND);
    if (!find_file(context, fid, tag, &ef)) {
        return oc_ok();
    }
    oc_nvm_read(context->nvm, ef.body, head, sizeof head);
    *sw = oc_sw_of(head[0] == tag && head[1] == key_len(tag) ? OC_SW_OK : OC_SW_KEY_NOT_FOUND);
    if (oc_sw_ok(*sw)) {
        oc_nvm_read(context->nvm, ef.body + sizeof head, out, key_len(tag));
    }
    return oc_ok();
}

oc_result oc_pki_write_key(oc_card_context *context, uint16_t fid, uint8_t tag, oc_span key, oc_sw *sw)
{
    oc_ef ef;
    uint8_t content[2 + OC_SM2_POINT];
    oc_wr wr = oc_wr_of(content, sizeof content);
    *sw = oc_sw_of(OC_SW_FILE_NOT_FOUND);
    if (!find_file(context, fid, tag, &ef)) {
        return oc_ok();
    }
    *sw = oc_sw_of(OC_SW_OK);
    oc_wr_u8(&wr, tag);
    oc_wr_u8(&wr, (uint8_t)key_len(tag));
    oc_wr_bytes(&wr, key);
    oc_result r = oc_nvm_write(context->nvm, ef.body, oc_wr_span(&wr));
    oc_wipe(content, sizeof content);
    return r;
}

/* C0 02 public C2 02 private: a pair, whose files are there. */
static oc_sw take_pair(oc_card_context *context, uint16_t *public_fid, uint16_t *private_fid)
{
    oc_ef ef;
    oc_rd rd = oc_rd_of(context->body);
    if (!oc_pki_take_fid(&rd, OC_PKI_TAG_PUBLIC_FILE, public_fid) ||
        !oc_pki_take_fid(&rd, OC_PKI_TAG_PRIVATE_FILE, private_fid) || !oc_rd_done(&rd) ||
        *private_fid != oc_pki_private_of(*public_fid)) {
        return oc_sw_of(OC_SW_WRONG_DATA);
    }
    bool there = find_file(context, *public_fid, OC_PKI_TAG_PUBLIC_KEY, &ef) &&
                 find_file(context, *private_fid, OC_PKI_TAG_PRIVATE_KEY, &ef);
    return oc_sw_of(there ? OC_SW_OK : OC_SW_FILE_NOT_FOUND);
}

/* The user's right, then the pair. */
static oc_sw open_pair(oc_card_context *context, uint16_t *public_fid, uint16_t *private_fid)
{
    oc_sw sw = oc_pki_user_right(context);
    return oc_sw_ok(sw) ? take_pair(context, public_fid, private_fid) : sw;
}

oc_result oc_pki_prepare(oc_card_context *context)
{
    uint16_t public_fid;
    uint16_t private_fid;
    oc_pki_state *state = oc_pki_state_of(context);
    state->prepared = 0;
    oc_sw sw = open_pair(context, &public_fid, &private_fid);
    if (oc_sw_ok(sw)) {
        state->prepared = public_fid;
    }
    return oc_card_answer(context, sw.value);
}

static oc_result store_pair(oc_card_context *context, uint16_t public_fid, const oc_sm2_key *pair)
{
    oc_sw sw;
    OC_TRY(oc_pki_write_key(context, public_fid, OC_PKI_TAG_PUBLIC_KEY, oc_span_of(pair->point, OC_SM2_POINT), &sw));
    OC_TRY(oc_pki_write_key(context, oc_pki_private_of(public_fid), OC_PKI_TAG_PRIVATE_KEY,
                            oc_span_of(pair->scalar, OC_SM2_SCALAR), &sw));
    oc_pki_state_of(context)->generated = public_fid;
    return oc_ok();
}

oc_result oc_pki_generate(oc_card_context *context)
{
    uint16_t public_fid;
    uint16_t private_fid;
    uint8_t seed[OC_SM2_SCALAR];
    oc_sm2_key pair;
    oc_pki_state *state = oc_pki_state_of(context);
    oc_sw sw = open_pair(context, &public_fid, &private_fid);
    if (oc_sw_ok(sw) && state->prepared != public_fid) {
        sw = oc_sw_of(OC_SW_CONDITIONS);
    }
    state->prepared = 0;
    state->generated = 0;
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    OC_TRY(oc_card_random(context->card, seed, sizeof seed));
    oc_result r = oc_sm2_pair_from(context->crypto, &pair, oc_span_of(seed, sizeof seed));
    r = oc_is_ok(r) ? store_pair(context, public_fid, &pair) : r;
    oc_wipe(seed, sizeof seed);
    oc_sm2_wipe(&pair);
    return r;
}

oc_result oc_pki_get_public(oc_card_context *context)
{
    uint8_t point[OC_SM2_POINT];
    uint16_t fid = oc_pki_state_of(context)->generated;
    oc_sw sw = oc_sw_of(OC_SW_CONDITIONS);
    if (fid != 0) {
        OC_TRY(oc_pki_read_key(context, fid, OC_PKI_TAG_PUBLIC_KEY, point, &sw));
    }
    if (oc_sw_ok(sw)) {
        oc_wr_u8(&context->out, OC_PKI_TAG_PUBLIC_KEY);
        oc_wr_u8(&context->out, OC_SM2_POINT);
        oc_wr_bytes(&context->out, oc_span_of(point, sizeof point));
    }
    return oc_card_answer(context, sw.value);
}

oc_result oc_pki_import_session(oc_card_context *context)
{
    oc_span key;
    oc_pki_state *state = oc_pki_state_of(context);
    oc_rd rd = oc_rd_of(context->body);
    oc_sw sw = oc_pki_user_right(context);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (!oc_pki_take(&rd, OC_PKI_TAG_DATA, OC_KEY_SIZE, &key) || !oc_rd_done(&rd)) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    memcpy(state->session_key, key.at, OC_KEY_SIZE);
    state->has_session_key = true;
    return oc_ok();
}

oc_result oc_pki_import_public(oc_card_context *context)
{
    uint16_t fid;
    oc_span point;
    oc_sm2_key key;
    oc_rd rd = oc_rd_of(context->body);
    oc_sw sw = oc_pki_user_right(context);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (!oc_pki_take_fid(&rd, OC_PKI_TAG_PUBLIC_FILE, &fid) ||
        !oc_pki_take(&rd, OC_PKI_TAG_PUBLIC_KEY, OC_SM2_POINT, &point) || !oc_rd_done(&rd) ||
        oc_pki_private_of(fid) == 0) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    oc_result r = oc_sm2_public(context->crypto, &key, point);
    if (r.code == OC_E_FORMAT) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    OC_TRY(r);
    OC_TRY(oc_pki_write_key(context, fid, OC_PKI_TAG_PUBLIC_KEY, point, &sw));
    return oc_card_answer(context, sw.value);
}

/* The number is a private key, and that of the public key in the other file of the pair. */
static oc_result fits(oc_card_context *context, uint16_t private_fid, oc_span number, oc_sw *sw)
{
    uint8_t point[OC_SM2_POINT];
    oc_sm2_key pair;
    OC_TRY(oc_pki_read_key(context, oc_pki_public_of(private_fid), OC_PKI_TAG_PUBLIC_KEY, point, sw));
    if (!oc_sw_ok(*sw)) {
        return oc_ok();
    }
    oc_result r = oc_sm2_pair(context->crypto, &pair, number);
    if (r.code == OC_E_FORMAT || (oc_is_ok(r) && memcmp(pair.point, point, sizeof point) != 0)) {
        *sw = oc_sw_of(OC_SW_WRONG_DATA);
        r = oc_ok();
    }
    oc_sm2_wipe(&pair);
    return r;
}

static oc_result store_private(oc_card_context *context, uint16_t fid, oc_span wrapped, oc_sw *sw)
{
    oc_pki_state *state = oc_pki_state_of(context);
    uint8_t number[OC_SM2_SCALAR];
    oc_key key;
    OC_TRY(oc_key_load(&key, OC_ALG_SM4, oc_span_of(state->session_key, OC_KEY_SIZE)));
    key.transient = 1;
    oc_result r = oc_decipher(context->crypto, &key, wrapped, number);
    oc_key_wipe(&key);
    r = oc_is_ok(r) ? fits(context, fid, oc_span_of(number, sizeof number), sw) : r;
    if (oc_is_ok(r) && oc_sw_ok(*sw)) {
        r = oc_pki_write_key(context, fid, OC_PKI_TAG_PRIVATE_KEY, oc_span_of(number, sizeof number), sw);
        oc_wipe(state->session_key, OC_KEY_SIZE);
        state->has_session_key = false;
    }
    oc_wipe(number, sizeof number);
    return r;
}

oc_result oc_pki_import_private(oc_card_context *context)
{
    uint16_t fid;
    oc_span wrapped;
    oc_rd rd = oc_rd_of(context->body);
    oc_sw sw = oc_pki_user_right(context);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (!oc_pki_take_fid(&rd, OC_PKI_TAG_PRIVATE_FILE, &fid) ||
        !oc_pki_take(&rd, OC_PKI_TAG_PRIVATE_KEY, OC_SM2_SCALAR, &wrapped) || !oc_rd_done(&rd) ||
        oc_pki_public_of(fid) == 0) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    if (!oc_pki_state_of(context)->has_session_key) {
        return oc_card_answer(context, OC_SW_CONDITIONS);
    }
    OC_TRY(store_private(context, fid, wrapped, &sw));
    return oc_card_answer(context, sw.value);
}
