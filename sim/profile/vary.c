/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/random.h"
#include "sim/crypto/ssc.h"
#include "sim/profile/model.h"
#include "sim/profile/values.h"

/* Another holder and another chip on the same card: whoever answers from memory is wrong. */

#define SERIAL_BYTES 4  /* of the chip, at the end of its historical bytes and within the card id code */
#define YEAR_FIRST 1967 /* nobody of them is of the age at which the medical back-end takes people for retired */
#define YEARS 33

struct varying {
    oc_profile *profile;
    oc_crypto *crypto;
    uint64_t seed;
    oc_random random;
};

static void begin(struct varying *varying, const char *purpose)
{
    char label[sizeof varying->random.label];
    snprintf(label, sizeof label, "profile/%s/%s", varying->profile->id, purpose);
    oc_random_init(&varying->random, varying->seed, label);
}

/* From 0 to bound - 1; bound at most 65536. */
static oc_result draw(struct varying *varying, unsigned bound, unsigned *out)
{
    uint8_t bytes[4];
    OC_TRY(oc_random_bytes(&varying->random, bytes, sizeof bytes));
    *out = (unsigned)((((uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3]) *
                       bound) >>
                      32);
    return oc_ok();
}

static oc_result digits(struct varying *varying, char *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned digit = 0;
        OC_TRY(draw(varying, 10, &digit));
        out[i] = (char)('0' + digit);
    }
    return oc_ok();
}

static oc_result packed_digits(struct varying *varying, uint8_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned pair = 0;
        OC_TRY(draw(varying, 100, &pair));
        out[i] = (uint8_t)(pair / 10 << 4 | pair % 10);
    }
    return oc_ok();
}

static oc_profile_record *record_of(const struct varying *varying, const char *file, unsigned tag)
{
    const oc_profile_dir *ssse = oc_profile_dir_named(varying->profile, "SSSE");
    oc_profile_file *found = ssse == NULL ? NULL : oc_profile_file_named(ssse, file);
    oc_profile_record *record = found == NULL ? NULL : oc_profile_record_tagged(found, tag);
    return record != NULL && record->known ? record : NULL;
}

/* The value as bytes that may be written. */
static oc_result own(struct varying *varying, oc_span *value, uint8_t **out)
{
    *value = oc_arena_bytes(&varying->profile->arena, *value);
    *out = (uint8_t *)(uintptr_t)value->at;
    return value->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* ISO/IEC 7816-3, 8.2.5: where there is a TCK, the bytes behind TS sum up to zero. */
static void close_atr(uint8_t *atr, size_t len, size_t historical_end)
{
    if (historical_end + 1 == len) {
        atr[len - 1] = 0;
        for (size_t i = 1; i + 1 < len; i++) {
            atr[len - 1] ^= atr[i];
        }
    }
}

static oc_result vary_serial(struct varying *varying, uint8_t serial[SERIAL_BYTES])
{
    oc_span historical;
    uint8_t *atr = NULL;
    OC_TRY(own(varying, &varying->profile->atr, &atr));
    if (!oc_atr_historical(varying->profile->atr, &historical) || historical.len < SERIAL_BYTES) {
        return oc_fail(OC_E_FORMAT);
    }
    size_t end = (size_t)(historical.at - atr) + historical.len;
    begin(varying, "serial");
    OC_TRY(packed_digits(varying, atr + end - SERIAL_BYTES + 1, SERIAL_BYTES - 1));
    memcpy(serial, atr + end - SERIAL_BYTES, SERIAL_BYTES);
    close_atr(atr, varying->profile->atr.len, end);
    return oc_ok();
}

static oc_result check_bytes(struct varying *varying, oc_span first12, uint8_t out[4])
{
    uint8_t bytes[3][8] = {{0}};
    oc_key key = {0};
    const oc_key_name irk = {"SSSE", "IRK", 1};
    const oc_span factors[] = {oc_span_of(bytes[0], 8), oc_span_of(bytes[1], 8), oc_span_of(bytes[2], 8)};
    if (!oc_profile_factor_province(varying->profile, bytes[0]) ||
        !oc_profile_factor_city(varying->profile, bytes[1]) || !oc_profile_factor_card(varying->profile, bytes[2])) {
        return oc_fail(OC_E_FORMAT);
    }
    oc_result r = oc_profile_derive(varying->profile, varying->crypto, &irk, factors, 3, &key, NULL);
    if (oc_is_ok(r)) {
        r = oc_ssc_card_id_check(varying->crypto, &key, first12, out);
    }
    oc_key_wipe(&key);
    return r;
}

/* ssc-card 5: city, 5 bytes, the chip's serial number, check bytes. */
static oc_result vary_card_id(struct varying *varying)
{
    uint8_t serial[SERIAL_BYTES];
    uint8_t *id = NULL;
    oc_profile_record *record = record_of(varying, "EF05", 0x01);
    OC_TRY(vary_serial(varying, serial));
    if (record == NULL || record->len != 16) {
        return oc_ok();
    }
    OC_TRY(own(varying, &record->value, &id));
    memcpy(id + 8, serial, sizeof serial);
    return check_bytes(varying, oc_span_of(id, 12), id + 12);
}

static oc_result vary_card_number(struct varying *varying)
{
    uint8_t *number = NULL;
    oc_profile_record *record = record_of(varying, "EF05", 0x07);
    if (record == NULL || record->len != 9) {
        return oc_ok();
    }
    OC_TRY(own(varying, &record->value, &number));
    begin(varying, "card-number");
    OC_TRY(digits(varying, (char *)number + 2, 6));
    number[8] = (uint8_t)oc_ssc_card_number_check(oc_span_of(number, 8));
    return oc_ok();
}

/* Behind what the profile has, so that a name that needs four bytes a character still does: hanzi of the first level of
 * GB 2312. */
static oc_result lengthen(struct varying *varying, oc_profile_record *record, unsigned count)
{
    uint8_t *text = NULL;
    oc_span trimmed = oc_value_trimmed(record->kind, record->value);
    if (trimmed.len + (size_t)2 * count > record->len) {
        return oc_ok();
    }
    OC_TRY(own(varying, &record->value, &text));
    for (size_t at = trimmed.len; at < trimmed.len + (size_t)2 * count; at += 2) {
        unsigned hanzi = 0;
        OC_TRY(draw(varying, 39 * 94, &hanzi));
        text[at] = (uint8_t)(0xB0 + hanzi / 94);
        text[at + 1] = (uint8_t)(0xA1 + hanzi % 94);
    }
    return oc_ok();
}

static oc_result vary_name(struct varying *varying)
{
    oc_profile_record *name = record_of(varying, "EF06", 0x09);
    begin(varying, "name");
    return name == NULL || name->kind != OC_KIND_AN ? oc_ok() : lengthen(varying, name, 2);
}

struct renumbering {
    oc_span from;
    oc_span to;
};

/* The ID number stands on a card more than once. */
static oc_result renumber(struct varying *varying, const struct renumbering *numbers)
{
    for (size_t d = 0; d < varying->profile->dirs_count; d++) {
        const oc_profile_dir *dir = &varying->profile->dirs[d];
        for (size_t f = 0; f < dir->files_count; f++) {
            for (size_t i = 0; i < dir->files[f].records_count; i++) {
                oc_profile_record *record = (oc_profile_record *)(uintptr_t)&dir->files[f].records[i];
                uint8_t *value = NULL;
                if (record->known && oc_span_equal(oc_value_trimmed(record->kind, record->value), numbers->from)) {
                    OC_TRY(own(varying, &record->value, &value));
                    memcpy(value, numbers->to.at, numbers->to.len);
                }
            }
        }
    }
    return oc_ok();
}

/* The sex stands in the number, odd for a man, and stays as it is. */
static oc_result vary_person(struct varying *varying)
{
    unsigned days = 0;
    unsigned year = 0;
    char number[40]; /* 18 of them used */
    uint8_t *birth = NULL;
    oc_profile_record *id = record_of(varying, "EF06", 0x08);
    oc_profile_record *born = record_of(varying, "EF06", 0x0D);
    if (id == NULL || id->len != 18) {
        return oc_ok();
    }
    begin(varying, "person");
    OC_TRY(draw(varying, YEARS, &year));
    OC_TRY(draw(varying, 12 * 28, &days));
    snprintf(number, sizeof number, "%.6s%04u%02u%02u", (const char *)id->value.at, YEAR_FIRST + year, days / 28 + 1,
             days % 28 + 1);
    OC_TRY(digits(varying, number + 14, 3));
    number[16] = (char)('0' + (number[16] - '0') / 2 * 2 + (id->value.at[16] & 1));
    number[17] = oc_ssc_id_number_check(oc_span_of(number, 17));
    if (born != NULL && born->len == 4) {
        OC_TRY(own(varying, &born->value, &birth));
        for (size_t i = 0; i < 4; i++) {
            birth[i] = (uint8_t)((number[6 + 2 * i] - '0') << 4 | (number[7 + 2 * i] - '0'));
        }
    }
    const struct renumbering numbers = {id->value, oc_span_of(number, 18)};
    return renumber(varying, &numbers);
}

/* Texts that the profile marks as samples. */
static oc_result vary_samples(struct varying *varying)
{
    static const uint8_t sample[] = {0xD1, 0xF9, 0xC0, 0xFD}; /* 样例 in GB18030 */
    for (size_t d = 0; d < varying->profile->dirs_count; d++) {
        const oc_profile_dir *dir = &varying->profile->dirs[d];
        for (size_t f = 0; f < dir->files_count; f++) {
            for (size_t i = 0; i < dir->files[f].records_count; i++) {
                oc_profile_record *record = (oc_profile_record *)(uintptr_t)&dir->files[f].records[i];
                char purpose[48];
                snprintf(purpose, sizeof purpose, "%s/%s/%zu", dir->name, dir->files[f].name, i);
                begin(varying, purpose);
                if (record->known && record->kind == OC_KIND_AN && !oc_profile_is_template(varying->profile, record) &&
                    record->value.len >= sizeof sample && memcmp(record->value.at, sample, sizeof sample) == 0) {
                    OC_TRY(lengthen(varying, record, 2));
                }
            }
        }
    }
    return oc_ok();
}

/* Six digits; neighbours are neither alike nor next to each other, so that it is none of those that cases make up. */
static oc_result draw_pin(struct varying *varying, const char *purpose, char out[7])
{
    begin(varying, purpose);
    for (size_t i = 0; i < 6;) {
        unsigned digit = 0;
        OC_TRY(draw(varying, 10, &digit));
        int apart = i == 0 ? 9 : (int)digit - (out[i - 1] - '0');
        if (apart > 1 || apart < -1) {
            out[i++] = (char)('0' + digit);
        }
    }
    out[6] = '\0';
    return oc_ok();
}

static oc_result replace_pin(struct varying *varying, const char *purpose, oc_span *pin, oc_span *wrong)
{
    char text[7];
    struct loader loader = {.profile = varying->profile};
    OC_TRY(draw_pin(varying, purpose, text));
    oc_result r = oc_pin_read(&loader, text, pin);
    if (oc_is_ok(r)) {
        r = oc_wrong_pin_make(&loader, text, NULL, wrong);
    }
    oc_wipe(text, sizeof text);
    return r;
}

static oc_result vary_pins(struct varying *varying)
{
    oc_profile *profile = varying->profile;
    OC_TRY(replace_pin(varying, "pin", &profile->pin, &profile->wrong_pin));
    return profile->pki == NULL || profile->pki->user_pin.len == 0
               ? oc_ok()
               : replace_pin(varying, "pki-pin", &profile->pki->user_pin, &profile->pki->wrong_pin);
}

static oc_result vary_terminal(struct varying *varying)
{
    uint8_t *number = NULL;
    oc_profile_psam *psam = &varying->profile->psam;
    if (!psam->known || psam->terminal.len != 6) {
        return oc_ok();
    }
    OC_TRY(own(varying, &psam->terminal, &number));
    begin(varying, "terminal");
    return packed_digits(varying, number + 4, 2);
}

oc_result oc_profile_vary(oc_profile *profile, uint64_t seed)
{
    static oc_result (*const parts[])(struct varying *) = {vary_card_id, vary_card_number, vary_name,    vary_person,
                                                           vary_samples, vary_pins,        vary_terminal};
    struct varying varying = {.profile = profile, .seed = seed};
    if (!oc_profile_can_issue(profile)) {
        return oc_ok();
    }
    OC_TRY(oc_crypto_new(&varying.crypto));
    oc_result r = oc_ok();
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && oc_is_ok(r); i++) {
        r = parts[i](&varying);
    }
    oc_crypto_free(&varying.crypto);
    return r;
}
