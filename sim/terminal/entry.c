/* SPDX-License-Identifier: Apache-2.0 */
/* Power on, enter the social security environment, learn which card it is. */
#include "sim/base/atr.h"
#include "sim/terminal/call.h"
#include "sim/terminal/info.h"

#define FID_DF04 0xDF04

/* "sx1.sh." and 社会保障: the name that cards of every generation answer to (ssc-card sheet 3). */
static const uint8_t ssse_name[] = {0x73, 0x78, 0x31, 0x2E, 0x73, 0x68, 0x2E, 0xC9,
                                    0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF};

/* 1 contact, 2 contactless, 3 and 4 either (ssc-terminal sheet 4.3). A call without a type means contact. */
static bool type_known(oc_span type)
{
    return type.len == 0 || (type.len == 1 && type.at[0] >= '1' && type.at[0] <= '4');
}

/* What a strict reader finds in the slot that the type names. */
static bool interface_fits(oc_span type, oc_span atr)
{
    bool contactless = oc_atr_is_contactless(atr);
    return type.len == 0 || type.at[0] >= '3' || contactless == (type.at[0] == '2');
}

oc_result oc_step_power_on(struct oc_call *call)
{
    struct oc_card_facts *card = &call->session->card;
    oc_span type = oc_call_arg(call, "type");
    if (!type_known(type)) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    OC_TRY(oc_call_reset_card(call));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (call->settings->type_is_strict && !interface_fits(type, oc_call_data(call))) {
        return oc_call_end(call, OC_CODE_NO_CARD);
    }
    oc_span historical;
    if (!oc_atr_historical(oc_call_data(call), &historical) || historical.len > sizeof card->historical ||
        !oc_atr_factor(oc_call_data(call), card->factor)) {
        return oc_call_end(call, OC_CODE_CARD_TYPE);
    }
    memcpy(card->historical, historical.at, historical.len);
    card->historical_len = (uint8_t)historical.len;
    return oc_ok();
}

oc_result oc_step_enter(struct oc_call *call)
{
    return oc_call_select_name(call, oc_span_of(ssse_name, sizeof ssse_name));
}

/* Six digits of the card id code, which make city and province factor. */
static bool take_area(struct oc_card_facts *card)
{
    oc_hex_encode(card->area, sizeof card->area, oc_span_of(card->id, 3));
    oc_span area = oc_span_text(card->area);
    return oc_is_ok(oc_ssc_city_factor(area, card->city)) && oc_is_ok(oc_ssc_province_factor(area, card->province));
}

oc_result oc_step_identify(struct oc_call *call)
{
    struct oc_card_facts *card = &call->session->card;
    oc_span value;
    OC_TRY(oc_info_read_record(call, 0x05, 0x01, &value));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (value.len != sizeof card->id) {
        return oc_call_end(call, OC_CODE_CARD_ID_FORMAT);
    }
    memcpy(card->id, value.at, sizeof card->id);
    if (!take_area(card)) {
        return oc_call_end(call, OC_CODE_CARD_ID_FORMAT);
    }
    OC_TRY(oc_info_read_record(call, 0x05, 0x03, &value));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (value.len != sizeof card->version) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    memcpy(card->version, value.at, sizeof card->version);
    card->first = card->version[0] == '1'; /* ssc-card sheet 4.3 */
    card->third = card->version[0] == '3';
    return oc_ok();
}

/* "card identifier|card number|", both as on the card. */
oc_result oc_step_check_card(struct oc_call *call)
{
    oc_span rest = oc_call_arg(call, "card-info");
    oc_span id;
    oc_span number;
    if (!oc_info_take(&rest, '|', &id) || !oc_info_take(&rest, '|', &number) || rest.len != 0) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    if (id.len != 2 * sizeof call->session->card.id || !oc_info_all_hex(id)) {
        return oc_call_end(call, OC_CODE_CARD_ID_FORMAT);
    }
    char own[2 * sizeof call->session->card.id + 1];
    oc_hex_encode(own, sizeof own, oc_span_of(call->session->card.id, sizeof call->session->card.id));
    bool same = strncasecmp((const char *)id.at, own, id.len) == 0;
    oc_span value;
    OC_TRY(oc_info_read_record(call, 0x05, 0x07, &value));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    same = same && oc_span_equal(number, oc_info_trim(value));
    return same ? oc_ok() : oc_call_end(call, OC_CODE_OTHER_CARD);
}

oc_result oc_step_select_df04(struct oc_call *call)
{
    return oc_call_select_fid(call, FID_DF04);
}
