/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/hsm_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "sim/base/hex.h"
#include "sim/crypto/ssc.h"
#include "sim/host/cryptogram.h"

#define FACTOR 8
#define AREA 6

oc_result oc_hsm_refuse(struct oc_hsm_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(call->why, sizeof call->why, format, args);
    va_end(args);
    return oc_ok();
}

/* As numbers and as names: drivers print either (ssc-terminal sheet 4.5, 4.6). SSF33 is not public. */
static const struct {
    const char *text;
    bool there;
    enum oc_alg alg;
} algorithms[] = {
    {"01", true, OC_ALG_3DES}, {"DES", true, OC_ALG_3DES}, {"3DES", true, OC_ALG_3DES},   {"03", true, OC_ALG_SM4},
    {"SM4", true, OC_ALG_SM4}, {"02", false, OC_ALG_3DES}, {"SSF33", false, OC_ALG_3DES},
};

static oc_result read_algorithm(struct oc_hsm_call *call, const char *field, oc_span text, enum oc_alg *alg)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        if (text.len != strlen(algorithms[i].text) ||
            strncasecmp((const char *)text.at, algorithms[i].text, text.len) != 0) {
            continue;
        }
        *alg = algorithms[i].alg;
        return algorithms[i].there ? oc_ok() : oc_hsm_refuse(call, "%s: algorithm SSF33 is not available", field);
    }
    return oc_hsm_refuse(call, "%s: the algorithm is none of 01, 02, 03, DES, SSF33, SM4", field);
}

static bool has_form(oc_span text, enum oc_hsm_form form)
{
    for (size_t i = 0; i < text.len; i++) {
        bool digit = text.at[i] >= '0' && text.at[i] <= '9';
        if (!digit && (form == OC_HSM_DIGITS || oc_hex_digit((char)text.at[i]) < 0)) {
            return false;
        }
    }
    return form == OC_HSM_DIGITS || text.len % 2 == 0;
}

static oc_result read_item(struct oc_hsm_call *call, const char *field, const struct oc_hsm_item *item, oc_span text,
                           enum oc_alg *alg)
{
    if (item->form == OC_HSM_ALGORITHM) {
        return read_algorithm(call, field, text, alg);
    }
    if (text.len == 0 && item->may_be_empty) {
        return oc_ok();
    }
    const char *kind = item->form == OC_HSM_HEX ? "hex digits" : "digits";
    if (text.len < item->least || text.len > item->most) {
        return item->least == item->most
                   ? oc_hsm_refuse(call, "%s: %s has %zu characters, not %u", field, item->name, text.len, item->most)
                   : oc_hsm_refuse(call, "%s: %s has %zu characters, not %u to %u", field, item->name, text.len,
                                   item->least, item->most);
    }
    return has_form(text, item->form) ? oc_ok()
                                      : oc_hsm_refuse(call, "%s: %s is not made of %s", field, item->name, kind);
}

/* Cuts at every '|'; one at the end closes the last item. Returns the number of items, more than there is room for
 * included. */
static size_t cut(oc_span text, oc_span items[OC_HSM_ITEMS_MAX])
{
    size_t count = 0;
    while (text.len > 0) {
        const uint8_t *bar = memchr(text.at, '|', text.len);
        size_t len = bar == NULL ? text.len : (size_t)(bar - text.at);
        if (count < OC_HSM_ITEMS_MAX) {
            items[count] = oc_span_of(text.at, len);
        }
        count++;
        text = oc_span_slice(text, len + 1, SIZE_MAX);
    }
    return count;
}

oc_result oc_hsm_read(struct oc_hsm_call *call, const struct oc_hsm_layout *layout, struct oc_hsm_string *out)
{
    *out = (struct oc_hsm_string){.alg = OC_ALG_3DES};
    size_t count = cut(oc_message_value(call->message->form, call->message->in, layout->field), out->items);
    if (count < layout->least || count > layout->most) {
        return layout->least == layout->most
                   ? oc_hsm_refuse(call, "%s has %zu items, not %zu", layout->field, count, layout->most)
                   : oc_hsm_refuse(call, "%s has %zu items, not %zu to %zu", layout->field, count, layout->least,
                                   layout->most);
    }
    for (size_t i = 0; i < count && !oc_hsm_refused(call); i++) {
        OC_TRY(read_item(call, layout->field, &layout->items[i], out->items[i], &out->alg));
    }
    return oc_ok();
}

void oc_hsm_bytes(oc_span hex, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(oc_hex_digit((char)hex.at[2 * i]) << 4 | oc_hex_digit((char)hex.at[2 * i + 1]));
    }
}

void oc_hsm_append_hex(char *text, size_t room, oc_span bytes)
{
    size_t len = strlen(text);
    oc_hex_encode(text + len, room - len, bytes);
}

oc_result oc_hsm_take_card(struct oc_hsm_call *call, oc_span historical, oc_span card_id, struct oc_hsm_card *out)
{
    oc_span area = oc_span_slice(card_id, 0, AREA);
    if (!oc_is_ok(oc_ssc_province_factor(area, out->factors[0])) ||
        !oc_is_ok(oc_ssc_city_factor(area, out->factors[1]))) {
        return oc_hsm_refuse(call, "the card identifier does not begin with a region of 6 digits");
    }
    oc_hsm_bytes(oc_span_slice(historical, historical.len - 2 * FACTOR, 2 * FACTOR), out->factors[2], FACTOR);
    out->count = OC_KEY_FACTORS_MAX;
    return oc_ok();
}

oc_result oc_hsm_card_of_fields(struct oc_hsm_call *call, struct oc_hsm_card *out)
{
    static const struct oc_hsm_layout atr = {"atr", 1, 1, {{"the ATR history", OC_HSM_HEX, 16, 30, false}}};
    static const struct oc_hsm_layout id = {"card-id", 1, 1, {{"the card identifier", OC_HSM_HEX, 32, 32, false}}};
    const struct oc_message *message = call->message;
    *out = (struct oc_hsm_card){.count = 0};
    bool has_atr = oc_fields_get(message->in, "atr") != NULL;
    bool has_id = oc_fields_get(message->in, "card-id") != NULL;
    if (!has_atr && !has_id) {
        return oc_ok();
    }
    if (!has_atr || !has_id) {
        return oc_hsm_refuse(call, "field '%s' is missing beside the other that tells the card",
                             has_atr ? "card-id" : "atr");
    }
    struct oc_hsm_string historical;
    struct oc_hsm_string card_id;
    OC_TRY(oc_hsm_read(call, &atr, &historical));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    OC_TRY(oc_hsm_read(call, &id, &card_id));
    return oc_hsm_refused(call) ? oc_ok() : oc_hsm_take_card(call, historical.items[0], card_id.items[0], out);
}

oc_result oc_hsm_ask(struct oc_hsm_call *call, const struct oc_hsm_card *card, const char *key, uint8_t version,
                     enum oc_alg alg, oc_key_question *out)
{
    *out = (oc_key_question){.factor_count = card->count};
    OC_TRY(oc_key_name_parse(&out->key, key));
    out->key.version = version;
    for (size_t i = 0; i < card->count; i++) {
        out->factors[i] = oc_span_of(card->factors[i], FACTOR);
    }
    enum oc_alg own = OC_ALG_3DES;
    OC_TRY(oc_cryptogram_alg(&call->service->keys, &out->key, &own, call->diag));
    return own == alg ? oc_ok() : oc_hsm_refuse(call, "the algorithm is not that of key %s", key);
}
