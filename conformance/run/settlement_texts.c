/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/settlement_texts.h"

#include <stdio.h>

#include "sim/base/text.h"

static bool steers(const char *name)
{
    return strcmp(name, "region") == 0 || strcmp(name, "institution") == 0 || strcmp(name, "again") == 0 ||
           strncmp(name, "reader.", 7) == 0;
}

/* Records of the card are filled up with 00. */
static oc_span without_padding(oc_span text)
{
    while (text.len > 0 && text.at[text.len - 1] == 0x00) {
        text.len--;
    }
    return text;
}

/* What goes into the message, in UTF-8. */
oc_result oc_settlement_to_utf8(const oc_fields *in, oc_fields *out)
{
    for (size_t i = 0; i < in->count; i++) {
        oc_buf text = {0};
        if (steers(in->at[i].name)) {
            continue;
        }
        oc_result r = oc_text_from_card(&text, without_padding(oc_buf_span(&in->at[i].value)));
        r = oc_is_ok(r) ? oc_fields_set(out, in->at[i].name, oc_buf_span(&text)) : r;
        oc_buf_free(&text);
        OC_TRY(r);
    }
    return oc_ok();
}

/* Texts that GB18030 has come back in it; all of Unicode does. */
oc_result oc_settlement_to_card(oc_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        oc_buf text = {0};
        oc_result r = oc_text_to_card(&text, oc_buf_span(&fields->at[i].value));
        r = oc_is_ok(r) ? oc_buf_set(&fields->at[i].value, oc_buf_span(&text)) : r;
        oc_buf_free(&text);
        OC_TRY(r);
    }
    return oc_ok();
}

/* "[F6 data.chrg_bchno] ..." taken apart. */
oc_result oc_settlement_note_rule(oc_fields *out, const char *name)
{
    oc_span text = oc_fields_span(out, name);
    size_t end = 1;
    while (end < text.len && text.at[end] != ' ' && text.at[end] != ']') {
        end++;
    }
    if (text.len == 0 || text.at[0] != '[' || end == text.len) {
        return oc_ok();
    }
    size_t field = text.at[end] == ' ' ? end + 1 : end;
    size_t close = field;
    /* "feedetail[0].cnt" has brackets of its own. */
    while (close < text.len && (text.at[close] != ']' || (close + 1 < text.len && text.at[close + 1] != ' '))) {
        close++;
    }
    oc_buf kept = {0};
    oc_result r = oc_buf_set(&kept, text);
    r = oc_is_ok(r) ? oc_fields_set(out, "rule", oc_span_of(kept.at + 1, end - 1)) : r;
    r = oc_is_ok(r) ? oc_fields_set(out, "field", oc_span_of(kept.at + field, close - field)) : r;
    oc_buf_free(&kept);
    return r;
}

oc_result oc_settlement_note_identities(oc_fields *out, const oc_med_amounts *amounts)
{
    int64_t off[OC_MED_IDENTITIES];
    const char *broken = oc_med_broken_identity(amounts, &off[0]);
    OC_TRY(oc_fields_set_text(out, "identity", broken == NULL ? "-" : broken));
    oc_med_identities_off(amounts, off);
    for (size_t i = 0; i < OC_MED_IDENTITIES; i++) {
        char name[16];
        char text[24];
        snprintf(name, sizeof name, "identity.A%zu", i + 1);
        snprintf(text, sizeof text, "%lld", (long long)off[i]);
        OC_TRY(off[i] == 0 ? oc_ok() : oc_fields_set_text(out, name, text));
    }
    return oc_ok();
}
