/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/ssc_app.h"

#include "sim/apps/ssc_purse.h"

/* P2 of GET BALANCE (ssc-card sheet 7). */
enum { BALANCE_ACCOUNT = 0x01, BALANCE_POOLED = 0x02, BALANCE_PERSONAL = 0x03 };

static bool balance_parameters(uint8_t p1, uint8_t p2)
{
    return p1 == 0 && p2 >= BALANCE_ACCOUNT && p2 <= BALANCE_PERSONAL;
}

/* The account stands alone; the year's sums are followed by their year. */
static oc_result get_balance(oc_card_context *context)
{
    oc_ssc_purse purse;
    oc_sw sw = oc_ssc_purse_open(context, &purse);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (context->p2 == BALANCE_ACCOUNT) {
        oc_wr_u32(&context->out, purse.account);
        return oc_ok();
    }
    oc_wr_u32(&context->out, context->p2 == BALANCE_POOLED ? purse.pooled : purse.personal);
    oc_wr_u16(&context->out, purse.year);
    return oc_ok();
}

static bool prove_parameters(uint8_t p1, uint8_t p2)
{
    return p1 == 0 && (p2 == OC_SSC_TYPE_LOAD || p2 == OC_SSC_TYPE_PURCHASE);
}

/* MAC || TAC of the last transaction, when type and number are its own. */
oc_result oc_ssc_prove(oc_card_context *context)
{
    oc_ssc_purse purse;
    oc_sw sw = oc_ssc_purse_open(context, &purse);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    oc_rd rd = oc_rd_of(context->body);
    if (purse.last.type != context->p2 || purse.last.number != oc_rd_u16(&rd)) {
        return oc_card_answer(context, OC_SW_NO_MAC);
    }
    oc_wr_bytes(&context->out, oc_span_of(purse.last.mac, sizeof purse.last.mac));
    oc_wr_bytes(&context->out, oc_span_of(purse.last.tac, sizeof purse.last.tac));
    return oc_ok();
}

static void forget(void *state)
{
    oc_wipe(state, sizeof(oc_ssc_state));
}

static oc_result make_purse(oc_card_context *context, const oc_stored_key *key)
{
    oc_dir dir;
    oc_fs_load_dir(context->nvm, context->dir, &dir);
    bool pays = key->kind == OC_KEY_KIND_LOAD || key->kind == OC_KEY_KIND_PURCHASE;
    if (!pays || dir.data != OC_FS_NONE) {
        return oc_ok();
    }
    OC_TRY(oc_fs_take(context->nvm, OC_FS_ENTRY, &dir.data));
    OC_TRY(oc_nvm_fill_new(context->nvm, dir.data, 0, OC_FS_ENTRY));
    return oc_fs_store_dir(context->nvm, &dir);
}

static const oc_card_command commands[] = {
    {0xB0, 0x26, 0x00, 0x00, 0x00, 0x00, balance_parameters, OC_FLOW_OUT, 0, 0, OC_LIFE_ISSUED, get_balance},
    {0xB0, 0x28, 0x00, 0xFF, 0x01, 0xFF, NULL, OC_FLOW_IN, 0x0B, 0x0B, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     oc_ssc_init_load},
    {0xB0, 0x2A, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0x0B, 0x0B, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     oc_ssc_credit},
    {0xB0, 0x28, 0x01, 0xFF, 0x01, 0xFF, NULL, OC_FLOW_IN, 0x13, 0x13, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     oc_ssc_init_purchase},
    {0xB0, 0x2C, 0x01, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0x0F, 0x0F, OC_LIFE_ISSUED | OC_LIFE_CONTACT, oc_ssc_debit},
    {0xB0, 0x2E, 0x00, 0x00, 0x00, 0x00, prove_parameters, OC_FLOW_IN, 0x02, 0x02, OC_LIFE_ISSUED, oc_ssc_prove},
};

const oc_card_app oc_ssc_app = {
    .name = "ssc",
    .commands = commands,
    .command_count = sizeof commands / sizeof commands[0],
    .state_size = sizeof(oc_ssc_state),
    .on_select = forget,
    .on_key = make_purse,
};
