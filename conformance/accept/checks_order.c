/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/accept/checks.h"
#include "sim/base/hex.h"
#include "sim/base/text.h"
#include "sim/base/tlv.h"

/* Order data against records. */

#define SHOWN_MAX 160

static const struct {
    const char *path;
    const char *en;
    const char *zh;
} known_items[] = {
    {"SSSE/EF05/01", "card id code", "卡的识别码"},
    {"SSSE/EF05/02", "card type", "卡的类别"},
    {"SSSE/EF05/03", "specification version", "规范版本"},
    {"SSSE/EF05/04", "initialising organisation", "初始化机构编号"},
    {"SSSE/EF05/05", "issue date", "发卡日期"},
    {"SSSE/EF05/06", "expiry date", "卡有效期"},
    {"SSSE/EF05/07", "card number", "卡号"},
    {"SSSE/EF06/08", "ID number", "社会保障号码"},
    {"SSSE/EF06/09", "name", "姓名"},
    {"SSSE/EF06/0A", "sex", "性别"},
    {"SSSE/EF06/0B", "ethnic group", "民族"},
    {"SSSE/EF06/0C", "birthplace", "出生地"},
    {"SSSE/EF06/0D", "birth date", "出生日期"},
};

/* 00 fills up text and bytes, F packed digits (ssc-card sheet 4.1); one writer fills the name extension with FF. */
static bool is_filling(oc_span rest, enum oc_kind kind)
{
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] != (kind == OC_KIND_CN ? 0xFF : 0x00)) {
            return false;
        }
    }
    return true;
}

static long first_difference(oc_span wanted, oc_span found)
{
    size_t at = 0;
    while (at < wanted.len && at < found.len && wanted.at[at] == found.at[at]) {
        at++;
    }
    return (long)at;
}

/* Shown as text where it is text; otherwise in hex; hidden where it is a secret of the holder. */
static const char *shown(oc_checked_card *card, oc_span value, enum oc_kind kind, bool secret)
{
    if (value.at == NULL) {
        return "nothing";
    }
    if (secret && !card->reveal) {
        return oc_findings_text(card->findings, "{%zu bytes}", value.len);
    }
    oc_buf text = {0};
    const char *out = NULL;
    if (kind == OC_KIND_AN && oc_is_ok(oc_text_from_card(&text, oc_read_trimmed(value)))) {
        out = oc_findings_text(card->findings, "'%.*s'", (int)(text.len < SHOWN_MAX ? text.len : SHOWN_MAX),
                               text.len == 0 ? "" : (const char *)text.at);
    } else {
        char hex[SHOWN_MAX + 1];
        oc_hex_encode(hex, sizeof hex, value);
        out = oc_findings_text(card->findings, "%s", hex);
    }
    oc_buf_free(&text);
    return out;
}

/* An item inside a template record; the whole record where no item is meant. */
static oc_span value_in(const oc_read_record *record, int inner)
{
    if (record == NULL || inner < 0) {
        return record == NULL ? oc_span_empty() : record->value;
    }
    oc_rd rd = oc_rd_of(record->value);
    oc_tlv tlv;
    while (oc_record_tlv_next(&rd, &tlv)) {
        if (tlv.tag == (unsigned)inner) {
            return tlv.value;
        }
    }
    return oc_span_empty();
}

/* A name may be cut anywhere between its two records: what counts is both together, without what fills them up. */
static oc_result whole_name(oc_buf *out, oc_span first, oc_span second)
{
    OC_TRY(oc_buf_append(out, oc_read_trimmed(first)));
    return oc_buf_append(out, oc_read_trimmed(second));
}

static void judge(oc_checked_card *card, oc_finding *finding, const oc_order_place *place, oc_span wanted,
                  oc_span found, bool *equal)
{
    *equal = found.len >= wanted.len && oc_span_equal(wanted, oc_span_slice(found, 0, wanted.len)) &&
             is_filling(oc_span_slice(found, wanted.len, found.len), place->kind);
    if (!*equal) {
        oc_finding_fails(card->findings, finding, "the card holds something else than line %ld of the order%s%s%s",
                         card->line->line, place->column == NULL ? "" : ", column '",
                         place->column == NULL ? "" : place->column, place->column == NULL ? "" : "'");
        oc_finding_evidence(card->findings, finding, place->item->to,
                            shown(card, wanted, place->kind, place->record->secret),
                            shown(card, found, place->kind, place->record->secret), first_difference(wanted, found));
    }
}

static void check_name(oc_checked_card *card, oc_finding *finding, const oc_order_place *place, oc_span wanted,
                       oc_span first, bool *equal)
{
    const oc_read_record *more = oc_reading_record(card->reading, place->dir->name, place->file->name,
                                                   place->extension->tag);
    oc_buf whole = {0};
    if (!oc_is_ok(whole_name(&whole, first, value_in(more, -1)))) {
        card->findings->bad = true;
    }
    judge(card, finding, place, wanted, oc_buf_span(&whole), equal);
    oc_buf_free(&whole);
}

static void name_place(oc_checked_card *card, const oc_order_place *place, const char **en, const char **zh)
{
    const char *what_en = place->item->to;
    const char *what_zh = place->item->to;
    for (size_t i = 0; i < sizeof known_items / sizeof known_items[0]; i++) {
        if (strcmp(known_items[i].path, place->item->to) == 0) {
            what_en = known_items[i].en;
            what_zh = known_items[i].zh;
        }
    }
    *en = oc_findings_text(card->findings, "The %s is what was ordered (%s)", what_en, place->item->to);
    *zh = oc_findings_text(card->findings, "%s与订单一致（%s）", what_zh, place->item->to);
}

static unsigned item_of(const char *path)
{
    static const struct {
        const char *path;
        unsigned item;
    } items[] = {{"SSSE/EF05/03", 6}, {"SSSE/EF05/04", 7}};
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        if (strcmp(items[i].path, path) == 0) {
            return items[i].item;
        }
    }
    return 0;
}

static void check_place(oc_checked_card *card, size_t at)
{
    const oc_order_place *place = oc_order_place_at(card->order, at);
    const char *en;
    const char *zh;
    char id[64];
    name_place(card, place, &en, &zh);
    snprintf(id, sizeof id, "ACCEPT.ORDER.%s", place->item->to);
    for (char *c = id; *c != '\0'; c++) {
        *c = (char)(*c == '/' ? '-' : *c);
    }
    oc_finding *finding = oc_finding_add(card->findings, id, "SSC.ACCEPT.ORDER-DATA", item_of(place->item->to), en,
                                         zh);
    card->equal[at] = false;
    if (card->line == NULL || card->line->values[at].at == NULL) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_APPLICABLE,
                        card->line == NULL ? "the card is not in the order" : "the order says nothing about it");
        return;
    }
    const oc_read_file *file = oc_reading_file(card->reading, place->dir->name, place->file->name);
    if (file == NULL || !oc_sw_selected(file->select)) {
        oc_finding_fails(card->findings, finding, "the card has no %s/%s", place->dir->name, place->file->name);
        return;
    }
    if (!file->readable) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_RUN,
                        "not assessed: %s/%s is not free to read and was not opened", place->dir->name,
                        place->file->name);
        return;
    }
    const oc_read_record *record = oc_reading_record(card->reading, place->dir->name, place->file->name,
                                                     place->record->tag);
    oc_span found = value_in(record, place->inner);
    if (place->extension != NULL) {
        check_name(card, finding, place, card->line->values[at], found, &card->equal[at]);
    } else {
        judge(card, finding, place, card->line->values[at], found, &card->equal[at]);
    }
}

static void check_atr(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.ORDER.ATR", "SSC.ACCEPT.ORDER-DATA", 2,
                                         "The answer to reset is what was ordered", "复位应答与订单一致");
    if (card->line == NULL || card->line->atr.len == 0) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_APPLICABLE, "the order holds no answer to reset");
    } else if (!oc_span_equal(card->line->atr, card->reading->atr)) {
        oc_finding_fails(card->findings, finding, "the card answers something else than line %ld of the order",
                         card->line->line);
        oc_finding_evidence(card->findings, finding, "atr", shown(card, card->line->atr, OC_KIND_B, false),
                            shown(card, card->reading->atr, OC_KIND_B, false),
                            first_difference(card->line->atr, card->reading->atr));
    }
}

void oc_check_order_data(oc_checked_card *card)
{
    check_atr(card);
    for (size_t i = 0; i < oc_order_places(card->order); i++) {
        check_place(card, i);
    }
}
