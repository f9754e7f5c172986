/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

#define SW_MORE 0x6100u
#define SW_EXACT 0x6C00u

static bool takes(const oc_card_command *row, uint8_t p1, uint8_t p2)
{
    return (p1 & row->p1_mask) == row->p1 && (p2 & row->p2_mask) == row->p2 &&
           (row->parameters == NULL || row->parameters(p1, p2));
}

/* Personalisation commands are not there once the card is issued; an application's are there as app.h says. */
static bool is_there(const oc_card *card, const struct oc_card_row *row, bool issued)
{
    if (issued && (row->command->life & OC_LIFE_ANY) == OC_LIFE_ISSUING) {
        return false;
    }
    if (row->app == OC_APP_NONE) {
        return true;
    }
    return row->claims ? row->app == card->session.app : card->session.app == OC_APP_NONE;
}

/* The row that runs, or why none does. */
static const struct oc_card_row *find_row(const oc_card *card, const oc_card_apdu *apdu, bool issued, unsigned *sw)
{
    *sw = oc_card_os_knows_class(card->os, apdu->cla) ? OC_SW_INS : OC_SW_CLA;
    const struct oc_card_row *row = oc_card_os_first(card->os, apdu->cla, apdu->ins);
    for (; row != NULL; row = oc_card_os_next(card->os, row)) {
        if (is_there(card, row, issued)) {
            *sw = OC_SW_WRONG_P1P2;
            if (takes(row->command, apdu->p1, apdu->p2)) {
                return row;
            }
        }
    }
    return NULL;
}

static bool length_fits(const oc_card_command *row, const oc_card_apdu *apdu)
{
    if (row->flow == OC_FLOW_OUT) {
        return apdu->p3_is_le;
    }
    return apdu->p3_is_lc && apdu->body.len >= row->lc_min && apdu->body.len <= row->lc_max;
}

static bool interface_fits(const oc_card *card, const oc_card_command *row)
{
    return (row->life & OC_LIFE_CONTACT) == 0 || card->interface == OC_INTERFACE_CONTACT ||
           oc_card_has(card, OC_FEATURE_CONTACTLESS_WRITE) || !oc_card_issued(card);
}

static void drop_waiting(oc_session *session)
{
    if (session->waiting_len > 0) {
        oc_wipe(session->waiting, (size_t)session->waiting_at + session->waiting_len);
        session->waiting_at = 0;
        session->waiting_len = 0;
    }
}

/* Data of a command with a body wait for GET RESPONSE, unless an APDU asked for them. */
static void deliver_in(const oc_card_apdu *apdu, oc_card_context *context, oc_wr *response)
{
    oc_session *session = &context->card->session;
    size_t len = context->out.len;
    if (len == 0 || !oc_sw_ok(context->sw)) {
        return;
    }
    if (apdu->has_le && (len == apdu->le || (apdu->le_open && len < apdu->le))) {
        oc_wr_bytes(response, oc_wr_span(&context->out));
        return;
    }
    if (len > sizeof session->waiting) {
        context->sw = oc_sw_of(OC_SW_WRONG_LENGTH); /* as much can only be taken at once */
        return;
    }
    memcpy(session->waiting, context->out.at, len);
    session->waiting_at = 0;
    session->waiting_len = (uint16_t)len;
    context->sw = oc_sw_of(SW_MORE | (len & 0xFF));
}

/* Data of a command without a body must be as many as Le says. */
static void deliver_out(const oc_card_apdu *apdu, oc_card_context *context, oc_wr *response)
{
    size_t len = context->out.len;
    bool fits = len == apdu->le || (apdu->le_open && len > 0 && len < apdu->le);
    if (oc_sw_ok(context->sw) && !fits) {
        context->sw = oc_sw_of(len == 0 ? OC_SW_WRONG_LENGTH : SW_EXACT | (len & 0xFF));
    } else if (oc_sw_ok(context->sw) || context->sw.value >> 8 == SW_MORE >> 8) {
        oc_wr_bytes(response, oc_wr_span(&context->out));
    }
}

/* All of a command, or nothing of it, stays in memory. */
static oc_result run(const oc_card_command *row, const oc_card_apdu *apdu, oc_card_context *context, oc_wr *response)
{
    oc_card *card = context->card;
    oc_result r = row->handler(context);
    if (oc_is_ok(r) && context->out.bad) {
        r = oc_fail(OC_E_INTERNAL);
    }
    if (oc_is_ok(r)) {
        r = oc_nvm_commit(&card->nvm);
    }
    if (card->nvm.torn) {
        oc_card_power(card, false);
        return oc_fail(OC_E_GONE);
    }
    if (!oc_is_ok(r)) {
        OC_TRY(oc_nvm_rollback(&card->nvm));
        return r;
    }
    (row->flow == OC_FLOW_IN ? deliver_in : deliver_out)(apdu, context, response);
    return oc_ok();
}

static unsigned refused(const oc_card *card, const oc_card_command *row, const oc_card_apdu *apdu, bool issued)
{
    if (!length_fits(row, apdu)) {
        return OC_SW_WRONG_LENGTH;
    }
    if ((row->life & (issued ? OC_LIFE_ISSUED : OC_LIFE_ISSUING)) == 0 || !interface_fits(card, row)) {
        return OC_SW_CONDITIONS;
    }
    if (card->session.blocked != OC_BLOCK_NONE && (row->life & OC_LIFE_APP_BLOCKED) == 0) {
        return card->session.blocked == OC_BLOCK_PERMANENT ? OC_SW_LOCKED : OC_SW_NOT_SUPPORTED;
    }
    return OC_SW_OK;
}

static oc_result run_row(oc_card *card, const struct oc_card_row *row, const oc_card_apdu *apdu, bool issued,
                         oc_wr *response)
{
    uint8_t data[OC_CARD_LONG_MAX];
    oc_card_context context = {
        .card = card,
        .cla = apdu->cla,
        .ins = apdu->ins,
        .p1 = apdu->p1,
        .p2 = apdu->p2,
        .body = apdu->body,
        .le = apdu->le,
        .le_open = apdu->le_open,
        .out = oc_wr_of(data, apdu->extended && apdu->has_le ? OC_CARD_LONG_MAX : OC_CARD_DATA_MAX),
        .nvm = &card->nvm,
        .crypto = card->crypto,
        .dir = card->session.dir,
        .environment = card->session.environment,
        .state = oc_card_state(card, row->app)};
    context.sw = oc_sw_of(refused(card, row->command, apdu, issued));
    if (oc_sw_ok(context.sw)) {
        OC_TRY(run(row->command, apdu, &context, response));
    }
    oc_wr_u16(response, context.sw.value);
    return oc_ok();
}

static oc_result answer(oc_wr *response, unsigned sw)
{
    oc_wr_u16(response, (uint16_t)sw);
    return oc_ok();
}

oc_result oc_card_dispatch(oc_card *card, oc_span command, oc_wr *response)
{
    oc_card_apdu apdu;
    enum oc_chip_life life = oc_card_life(card);
    unsigned sw = OC_SW_WRONG_LENGTH;
    const struct oc_card_row *row = NULL;
    if (oc_card_parse(card, command, &apdu)) {
        if (life >= OC_CHIP_BLOCKED) {
            return answer(response, life == OC_CHIP_BLOCKED ? OC_SW_NOT_SUPPORTED : OC_SW_CONDITIONS);
        }
        bool more;
        oc_sw joined;
        OC_TRY(oc_card_join(card, &apdu, &more, &joined));
        if (more || !oc_sw_ok(joined)) {
            drop_waiting(&card->session);
            return answer(response, joined.value);
        }
        row = find_row(card, &apdu, life == OC_CHIP_ISSUED, &sw);
    }
    if (row == NULL || row->command->handler != oc_card_response_family.commands->handler) {
        drop_waiting(&card->session);
    }
    return row == NULL ? answer(response, sw) : run_row(card, row, &apdu, life == OC_CHIP_ISSUED, response);
}
