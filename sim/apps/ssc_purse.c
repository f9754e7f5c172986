/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/ssc_purse.h"

#include "sim/crypto/ssc.h"

#define PURSE_SIZE OC_FS_ENTRY

void oc_ssc_purse_write(const oc_ssc_purse *purse, oc_wr *wr)
{
    oc_wr_u32(wr, purse->account);
    oc_wr_u32(wr, purse->pooled);
    oc_wr_u32(wr, purse->personal);
    oc_wr_u16(wr, purse->year);
}

static uint32_t purse_at(const oc_card_context *context)
{
    return oc_fs_data(context->nvm, context->dir);
}

oc_result oc_ssc_purse_store(const oc_card_context *context, const oc_ssc_purse *purse)
{
    uint8_t bytes[PURSE_SIZE];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_ssc_purse_write(purse, &wr);
    oc_wr_u16(&wr, purse->purchases);
    oc_wr_u16(&wr, purse->loads);
    oc_wr_u8(&wr, purse->last.type);
    oc_wr_u16(&wr, purse->last.number);
    oc_wr_bytes(&wr, oc_span_of(purse->last.mac, sizeof purse->last.mac));
    oc_wr_bytes(&wr, oc_span_of(purse->last.tac, sizeof purse->last.tac));
    return oc_nvm_write(context->nvm, purse_at(context), oc_wr_span(&wr));
}

oc_sw oc_ssc_purse_open(const oc_card_context *context, oc_ssc_purse *purse)
{
    uint32_t at = purse_at(context);
    if (at == OC_FS_NONE) {
        return oc_sw_of(OC_SW_CONDITIONS);
    }
    if (!oc_card_pin_verified(context->card)) {
        return oc_sw_of(OC_SW_SECURITY_STATUS);
    }
    oc_rd rd = oc_rd_of(oc_span_of(oc_nvm_view(context->nvm, at, PURSE_SIZE), PURSE_SIZE));
    purse->account = oc_rd_u32(&rd);
    purse->pooled = oc_rd_u32(&rd);
    purse->personal = oc_rd_u32(&rd);
    purse->year = oc_rd_u16(&rd);
    purse->purchases = oc_rd_u16(&rd);
    purse->loads = oc_rd_u16(&rd);
    purse->last.type = oc_rd_u8(&rd);
    purse->last.number = oc_rd_u16(&rd);
    oc_rd_copy(&rd, purse->last.mac, sizeof purse->last.mac);
    oc_rd_copy(&rd, purse->last.tac, sizeof purse->last.tac);
    return oc_sw_of(OC_SW_OK);
}

oc_sw oc_ssc_find_keys(const oc_card_context *context, enum oc_key_kind kind, uint8_t index, oc_stored_key *key,
                       oc_stored_key *tac)
{
    oc_key_query query = {(int)kind, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, index, OC_KEY_ANY};
    bool found = oc_key_find(context->nvm, context->dir, &query, key);
    query.kind = OC_KEY_KIND_TAC;
    bool tac_found = found && oc_key_find(context->nvm, context->dir, &query, tac);
    if (found && !tac_found) {
        query.index = 0;
        tac_found = oc_key_find(context->nvm, context->dir, &query, tac);
    }
    return oc_sw_of(tac_found ? OC_SW_OK : OC_SW_KEY_INDEX);
}

oc_sw oc_ssc_find_log(const oc_card_context *context, oc_ef *log)
{
    uint32_t file = oc_fs_child(context->nvm, context->dir, OC_SSC_LOG_FID);
    if (file != OC_FS_NONE) {
        oc_fs_load_ef(context->nvm, file, log);
    }
    bool usable = file != OC_FS_NONE && log->kind == OC_PERSO_CYCLIC && log->record_length == OC_SSC_LOG_RECORD;
    return oc_sw_of(usable ? OC_SW_OK : OC_SW_CONDITIONS);
}

oc_result oc_ssc_log(oc_card_context *context, oc_ef *log, uint16_t number, uint8_t type, const oc_ssc_state *state,
                     oc_span date_time)
{
    uint8_t record[OC_SSC_LOG_RECORD];
    oc_wr wr = oc_wr_of(record, sizeof record);
    oc_wr_u16(&wr, number);
    oc_wr_u8(&wr, type);
    oc_wr_bytes(&wr, oc_span_of(state->terminal, sizeof state->terminal));
    oc_wr_bytes(&wr, date_time);
    for (size_t i = 0; i < OC_SSC_AMOUNTS; i++) {
        oc_wr_u32(&wr, state->amounts[i]);
    }
    return oc_card_push_record(context, log, oc_wr_span(&wr));
}

oc_result oc_ssc_transaction_session(const oc_card_context *context, const oc_stored_key *stored,
                                     const uint8_t random[4], uint16_t number, const uint8_t tail[2], oc_key *session)
{
    uint8_t input[8];
    oc_wr wr = oc_wr_of(input, sizeof input);
    oc_wr_bytes(&wr, oc_span_of(random, 4));
    oc_wr_u16(&wr, number);
    oc_wr_bytes(&wr, oc_span_of(tail, 2));
    oc_key key;
    OC_TRY(oc_key_use(stored, &key));
    oc_result r = oc_ssc_session(context->crypto, &key, oc_wr_span(&wr), session);
    oc_key_wipe(&key);
    return r;
}

oc_result oc_ssc_tac(const oc_card_context *context, const oc_stored_key *dtk, oc_span data, uint8_t tac[OC_SSC_MAC])
{
    oc_key key;
    OC_TRY(oc_key_use(dtk, &key));
    oc_result r = oc_ssc_tac_key(&key, &key);
    if (oc_is_ok(r)) {
        r = oc_ssc_mac4(context->crypto, &key, oc_span_empty(), data, tac);
    }
    oc_key_wipe(&key);
    return r;
}

oc_result oc_ssc_transact(oc_card_context *context, enum oc_ssc_pending pending, enum oc_key_kind kind,
                          oc_ssc_half *half)
{
    oc_ssc_state *state = context->state;
    oc_ssc_purse purse;
    oc_ef log;
    oc_stored_key key;
    oc_stored_key tac;
    oc_sw sw = oc_ssc_purse_open(context, &purse);
    sw = oc_sw_ok(sw) && state->pending != pending ? oc_sw_of(OC_SW_NOT_ACCEPTED) : sw;
    sw = oc_sw_ok(sw) ? oc_ssc_find_log(context, &log) : sw;
    sw = oc_sw_ok(sw) ? oc_ssc_find_keys(context, kind, state->index, &key, &tac) : sw;
    state->pending = OC_SSC_NOTHING;
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    oc_result r = half(context, &key, &tac, &purse, &log);
    oc_wipe(&key, sizeof key);
    oc_wipe(&tac, sizeof tac);
    return r;
}
