/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical_holder.h"

#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"

#define BALANCE 20000

/* A value of the profile as UTF-8 without padding; "" where the card has none. */
static oc_result take_text(const oc_profile *profile, const char *reference, char *out, size_t room)
{
    oc_buf value = {0};
    oc_buf text = {0};
    out[0] = '\0';
    oc_result r = oc_profile_value(profile, reference, &value);
    if (r.code == OC_E_NOT_FOUND) {
        oc_buf_free(&value);
        return oc_ok();
    }
    while (oc_is_ok(r) && value.len > 0 && (value.at[value.len - 1] == 0x00 || value.at[value.len - 1] == 0xFF)) {
        value.len--;
    }
    r = oc_is_ok(r) ? oc_text_from_card(&text, oc_buf_span(&value)) : r;
    if (oc_is_ok(r)) {
        snprintf(out, room, "%.*s", (int)text.len, text.len == 0 ? "" : (const char *)text.at);
    }
    oc_buf_free(&value);
    oc_buf_free(&text);
    return oc_ok();
}

static oc_result take_card_id(const oc_profile *profile, char out[33])
{
    oc_buf value = {0};
    out[0] = '\0';
    oc_result r = oc_profile_value(profile, "SSSE/EF05/01", &value);
    if (oc_is_ok(r) && value.len == 16) {
        oc_hex_encode(out, 33, oc_buf_span(&value));
    }
    oc_buf_free(&value);
    return r.code == OC_E_NOT_FOUND ? oc_ok() : r;
}

oc_result oc_medical_holder_of(const oc_profile *profile, oc_medical_holder *out)
{
    *out = (oc_medical_holder){0};
    OC_TRY(take_text(profile, "SSSE/EF06/09", out->name, sizeof out->name));
    OC_TRY(take_text(profile, "SSSE/EF06/08", out->id_number, sizeof out->id_number));
    OC_TRY(take_text(profile, "SSSE/EF05/07", out->card_number, sizeof out->card_number));
    return take_card_id(profile, out->card_id);
}

oc_med_holder oc_medical_holder_insured(const oc_medical_holder *holder)
{
    return (oc_med_holder){.name = holder->name,
                           .id_number = holder->id_number,
                           .card_number = holder->card_number,
                           .card_id = holder->card_id,
                           .balance = BALANCE};
}
