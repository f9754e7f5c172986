/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/accept/checks.h"
#include "conformance/accept/convert.h"
#include "sim/base/hex.h"
#include "sim/base/text.h"
#include "sim/crypto/ssc.h"

/* What the numbers of one card say about each other (ssc-card sheet 5). */

#define CARD_ID_LEN 16
#define ID_NUMBER_LEN 18
#define CARD_NUMBER_LEN 9
#define GENERATION_3 30

/* The record, or a finding that ends because it cannot be read. */
static bool have(oc_checked_card *card, oc_finding *finding, const char *file, unsigned tag, size_t len, oc_span *out)
{
    *out = oc_reading_value(card->reading, file, tag);
    if (out->len != len) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_INCONCLUSIVE, "record %02X of SSSE/%s was not read", tag,
                        file);
        return false;
    }
    return true;
}

static void check_layout(oc_checked_card *card)
{
    static const uint8_t provider[] = {0xD1, 0x56, 0x00, 0x00, 0x05};
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.CARD-ID.LAYOUT", "SSC.ACCEPT.CARD-ID", 4,
                                         "D156000005 stands in the card id code", "卡识别码含D156000005");
    oc_span code;
    if (have(card, finding, "EF05", 0x01, CARD_ID_LEN, &code) && memcmp(code.at + 3, provider, sizeof provider) != 0) {
        char hex[2 * sizeof provider + 1];
        oc_hex_encode(hex, sizeof hex, oc_span_slice(code, 3, sizeof provider));
        oc_finding_fails(card->findings, finding, "the card id code has no D156000005 behind its city");
        oc_finding_evidence(card->findings, finding, "bytes 3 to 7", "D156000005", hex, -1);
    }
}

static void check_city(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.CARD-ID.CITY", "SSC.ACCEPT.CARD-ID", 5,
                                         "The city in the card id code is the ordered one",
                                         "卡识别码中的城市代码与订单一致");
    oc_span code;
    if (card->line == NULL || card->line->area == NULL) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_APPLICABLE, "the order names no city");
    } else if (have(card, finding, "EF05", 0x01, CARD_ID_LEN, &code)) {
        char city[7];
        oc_hex_encode(city, sizeof city, oc_span_slice(code, 0, 3));
        if (strcmp(city, card->line->area) != 0) {
            oc_finding_fails(card->findings, finding, "the card id code begins with another city than line %ld orders",
                             card->line->line);
            oc_finding_evidence(card->findings, finding, "bytes 0 to 2", card->line->area, city, -1);
        }
    }
}

/* Third-generation cards are known whose code holds something else there (ssc-card sheet 5). */
static void check_serial(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.CARD-ID.SERIAL", "SSC.ACCEPT.CARD-ID", 4,
                                         "The card id code holds the serial of the ATR, part of the card's factor",
                                         "卡识别码含ATR中的卡序列号（卡片分散因子的一部分）");
    oc_span code;
    oc_span atr = card->reading->atr;
    if (oc_profile_generation(card->profile) >= GENERATION_3) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_NOT_APPLICABLE,
                        "on third-generation cards these bytes may differ");
    } else if (have(card, finding, "EF05", 0x01, CARD_ID_LEN, &code) &&
               (atr.len < 4 || memcmp(code.at + 8, atr.at + atr.len - 4, 4) != 0)) {
        char expected[9];
        char received[9];
        oc_hex_encode(expected, sizeof expected, oc_span_slice(atr, atr.len < 4 ? 0 : atr.len - 4, 4));
        oc_hex_encode(received, sizeof received, oc_span_slice(code, 8, 4));
        oc_finding_fails(card->findings, finding, "the factor of the card in its ATR and its id code do not agree");
        oc_finding_evidence(card->findings, finding, "bytes 8 to 11", expected, received, -1);
    }
}

static void check_version(oc_checked_card *card)
{
    static const struct {
        unsigned generation;
        const char *first;
    } versions[] = {{10, "1.0"}, {20, "2.0"}, {21, "2.0"}, {30, "3.0"}};
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.VERSION", "SSC.ACCEPT.VERSION", 6,
                                         "The specification version is that of the generation",
                                         "规范版本与卡的代次一致");
    oc_span version;
    if (!have(card, finding, "EF05", 0x03, 4, &version)) {
        return;
    }
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        bool mine = versions[i].generation == oc_profile_generation(card->profile);
        if (mine && memcmp(version.at, versions[i].first, 3) != 0) {
            char hex[9];
            oc_hex_encode(hex, sizeof hex, version);
            oc_finding_fails(card->findings, finding, "the version is not that of generation %.3s", versions[i].first);
            oc_finding_evidence(card->findings, finding, "SSSE/EF05/03", versions[i].first, hex, -1);
        }
    }
}

static void check_organisation(oc_checked_card *card)
{
    static const uint8_t prefix[] = {0x91, 0x56, 0x00, 0x00, 0x02};
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.ORGANISATION", "SSC.ACCEPT.ORGANISATION", 7,
                                         "The initialising organisation number begins with 9156000002",
                                         "初始化机构编号以9156000002开头");
    oc_span number;
    if (have(card, finding, "EF05", 0x04, 12, &number) && memcmp(number.at, prefix, sizeof prefix) != 0) {
        char hex[2 * sizeof prefix + 1];
        oc_hex_encode(hex, sizeof hex, oc_span_slice(number, 0, sizeof prefix));
        oc_finding_fails(card->findings, finding, "the initialising organisation number begins otherwise");
        oc_finding_evidence(card->findings, finding, "SSSE/EF05/04", "9156000002", hex, -1);
    }
}

static void check_digit(oc_checked_card *card, const char *id, const char *file, unsigned tag, size_t len,
                        char (*check)(oc_span first), const char *en, const char *zh)
{
    oc_finding *finding = oc_finding_add(card->findings, id, "SSC.ACCEPT.NUMBERS", 0, en, zh);
    oc_span number;
    if (!have(card, finding, file, tag, len, &number)) {
        return;
    }
    char expected = check(oc_span_slice(number, 0, len - 1));
    if (expected == 0 || number.at[len - 1] != (uint8_t)expected) {
        oc_finding_fails(card->findings, finding,
                         expected == 0 ? "the number holds characters that it cannot have"
                                       : "the last character is not the check character of the others");
    }
}

static void check_sex(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.NUMBERS.SEX", "SSC.ACCEPT.NUMBERS", 0,
                                         "The sex agrees with the ID number", "性别与身份号码一致");
    oc_span number;
    oc_span sex;
    if (!have(card, finding, "EF06", 0x08, ID_NUMBER_LEN, &number) || !have(card, finding, "EF06", 0x0A, 1, &sex)) {
        return;
    }
    /* GB 11643: the 17th digit is odd for men. */
    char expected = (number.at[16] & 1) != 0 ? '1' : '2';
    if (sex.at[0] != (uint8_t)expected) {
        oc_finding_fails(card->findings, finding, "the ID number says %c, the record of the sex something else",
                         expected);
    }
}

static void check_birth(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.NUMBERS.BIRTH", "SSC.ACCEPT.NUMBERS", 0,
                                         "The birth date agrees with the ID number", "出生日期与身份号码一致");
    oc_span number;
    oc_span birth;
    if (!have(card, finding, "EF06", 0x08, ID_NUMBER_LEN, &number) || !have(card, finding, "EF06", 0x0D, 4, &birth)) {
        return;
    }
    char digits[9];
    oc_hex_encode(digits, sizeof digits, birth);
    if (memcmp(digits, number.at + 6, 8) != 0) {
        oc_finding_fails(card->findings, finding, "the birth date in the ID number and the record differ");
    } else if (!oc_is_date(digits)) {
        oc_finding_fails(card->findings, finding, "the birth date is no date");
    }
}

static void check_dates(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.DATES", "SSC.ACCEPT.DATES", 0,
                                         "Issue and expiry are dates, in this order",
                                         "发卡日期和有效期是日期且先后正确");
    oc_span issue;
    oc_span expiry;
    char from[9];
    char until[9];
    if (!have(card, finding, "EF05", 0x05, 4, &issue) || !have(card, finding, "EF05", 0x06, 4, &expiry)) {
        return;
    }
    oc_hex_encode(from, sizeof from, issue);
    oc_hex_encode(until, sizeof until, expiry);
    if (!oc_is_date(from) || !oc_is_date(until) || strcmp(from, until) >= 0) {
        oc_finding_fails(card->findings, finding, "from %s to %s is no validity", from, until);
    }
}

static void check_name(oc_checked_card *card)
{
    oc_finding *finding = oc_finding_add(card->findings, "ACCEPT.NAME", "SSC.ACCEPT.NAME", 0,
                                         "The name is whole text of GB18030", "姓名为完整的GB18030文字");
    const oc_read_record *first = oc_reading_record(card->reading, "SSSE", "EF06", 0x09);
    const oc_read_record *more = oc_reading_record(card->reading, "SSSE", "EF06", 0x4E);
    if (first == NULL) {
        oc_finding_ends(card->findings, finding, OC_VERDICT_INCONCLUSIVE, "record 09 of SSSE/EF06 was not read");
        return;
    }
    oc_buf whole = {0};
    oc_buf text = {0};
    oc_result r = oc_buf_append(&whole, oc_read_trimmed(first->value));
    if (oc_is_ok(r) && more != NULL) {
        r = oc_buf_append(&whole, oc_read_trimmed(more->value));
    }
    if (!oc_is_ok(r)) {
        card->findings->bad = true;
    } else if (whole.len == 0) {
        oc_finding_fails(card->findings, finding, "the name is empty");
    } else if (memchr(whole.at, 0, whole.len) != NULL || !oc_is_ok(oc_text_from_card(&text, oc_buf_span(&whole)))) {
        oc_finding_fails(card->findings, finding, "the name with its extension is no text of GB18030");
    }
    oc_buf_free(&whole);
    oc_buf_free(&text);
}

void oc_check_numbers(oc_checked_card *card)
{
    check_layout(card);
    check_city(card);
    check_serial(card);
    check_version(card);
    check_organisation(card);
    check_digit(card, "ACCEPT.NUMBERS.CARD", "EF05", 0x07, CARD_NUMBER_LEN, oc_ssc_card_number_check,
                "The card number has its check character", "卡号校验位正确");
    check_digit(card, "ACCEPT.NUMBERS.ID", "EF06", 0x08, ID_NUMBER_LEN, oc_ssc_id_number_check,
                "The ID number has its check character", "身份号码校验位正确");
    check_sex(card);
    check_birth(card);
    check_dates(card);
    check_name(card);
}
