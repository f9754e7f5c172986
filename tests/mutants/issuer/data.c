/* SPDX-License-Identifier: Apache-2.0 */
/* What is written into the records of a card, and its certificates. */
#include "tests/mutants/issuer/change.h"

#define RECORDS(function)                                                                                             \
    .issuer = &(const struct issuer_change)                                                                           \
    {                                                                                                                 \
        .record = function                                                                                            \
    }
#define CERTIFICATES(function)                                                                                        \
    .issuer = &(const struct issuer_change)                                                                           \
    {                                                                                                                 \
        .certificate = function                                                                                       \
    }
#define VALUE 2 /* behind tag and length */

static bool is_record(const char *dir, const oc_profile_file *file, const struct issuer_record *record,
                      const char *name, uint8_t tag)
{
    return strcmp(dir, "SSSE") == 0 && strcmp(file->name, name) == 0 && record->bytes[0] == tag;
}

static bool other_city(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    record->bytes[VALUE + 1] ^= is_record(dir, file, record, "EF05", 0x01) ? 0x02 : 0;
    return true;
}

static bool other_serial(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    record->bytes[VALUE + 11] ^= is_record(dir, file, record, "EF05", 0x01) ? 0x05 : 0;
    return true;
}

static bool other_check(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    record->bytes[VALUE + 15] ^= is_record(dir, file, record, "EF05", 0x01) ? 0x01 : 0;
    return true;
}

static bool other_version(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    if (is_record(dir, file, record, "EF05", 0x03)) {
        record->bytes[VALUE] = record->bytes[VALUE] == '2' ? '3' : '2';
    }
    return true;
}

static bool other_organisation(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    record->bytes[VALUE] = is_record(dir, file, record, "EF05", 0x04) ? 0x92 : record->bytes[VALUE];
    return true;
}

/* The card expires on the day on which it was issued. */
static bool expires_at_once(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    static const uint8_t day[] = {0x20, 0x24, 0x03, 0x01};
    if (is_record(dir, file, record, "EF05", 0x06)) {
        memcpy(record->bytes + VALUE, day, sizeof day);
    }
    return true;
}

static bool other_number(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    record->bytes[VALUE + 3] ^= is_record(dir, file, record, "EF05", 0x07) ? 0x01 : 0;
    return true;
}

static bool other_person(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    if (is_record(dir, file, record, "EF06", 0x08)) {
        memcpy(record->bytes + VALUE, "99010019750101001X", 18);
    }
    return true;
}

/* The name in UTF-8. */
static bool name_in_utf8(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    static const char name[] = "样本𠮷";
    if (is_record(dir, file, record, "EF06", 0x09)) {
        memset(record->bytes + VALUE, 0, record->len - VALUE);
        memcpy(record->bytes + VALUE, name, sizeof name - 1);
    }
    return true;
}

/* Texts are filled up with blanks instead of 00. */
static bool filled_with_blanks(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    for (size_t i = record->len; is_record(dir, file, record, "EF06", 0x09) && i > VALUE; i--) {
        if (record->bytes[i - 1] != 0) {
            break;
        }
        record->bytes[i - 1] = ' ';
    }
    return true;
}

/* A text takes as many bytes as it has. */
static bool not_filled_up(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    while (is_record(dir, file, record, "EF06", 0x09) && record->len > VALUE + 1 &&
           record->bytes[record->len - 1] == 0) {
        record->len--;
        record->bytes[1]--;
    }
    return true;
}

static bool no_sex(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    return !is_record(dir, file, record, "EF06", 0x0A);
}

static bool other_tag(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    record->bytes[0] = is_record(dir, file, record, "EF06", 0x0D) ? 0x0F : record->bytes[0];
    return true;
}

static bool other_birth(const char *dir, const oc_profile_file *file, struct issuer_record *record)
{
    record->bytes[VALUE + 3] ^= is_record(dir, file, record, "EF06", 0x0D) ? 0x03 : 0;
    return true;
}

/* Certificates */

static void expired(oc_certificate_order *order)
{
    order->not_after = order->not_before + 86400;
}

static void valid_too_early(oc_certificate_order *order)
{
    order->not_before = 0;
}

static void of_authority_key(oc_certificate_order *order)
{
    order->receiver = order->signer;
}

static void for_enciphering(oc_certificate_order *order)
{
    order->use = OC_CERTIFICATE_ENCIPHERING;
}

static void other_issuer(oc_certificate_order *order)
{
    order->issuer = "onecard other root";
}

static const struct mutant rows[] = {
    {.id = "issuer.card-id.other-city", RECORDS(other_city)},
    {.id = "issuer.card-id.other-serial", RECORDS(other_serial)},
    {.id = "issuer.card-id.other-check", RECORDS(other_check)},
    {.id = "issuer.data.other-version", RECORDS(other_version)},
    {.id = "issuer.data.other-organisation", RECORDS(other_organisation)},
    {.id = "issuer.data.expires-at-once", RECORDS(expires_at_once)},
    {.id = "issuer.data.other-card-number", RECORDS(other_number)},
    {.id = "issuer.holder.other-person", RECORDS(other_person)},
    {.id = "issuer.holder.name-in-utf8", RECORDS(name_in_utf8)},
    {.id = "issuer.holder.filled-with-blanks", RECORDS(filled_with_blanks)},
    {.id = "issuer.holder.not-filled-up", RECORDS(not_filled_up)},
    {.id = "issuer.holder.no-sex", RECORDS(no_sex)},
    {.id = "issuer.holder.other-tag", RECORDS(other_tag)},
    {.id = "issuer.holder.other-birth", RECORDS(other_birth)},
    {.id = "issuer.certificate.expired", CERTIFICATES(expired)},
    {.id = "issuer.certificate.too-early", CERTIFICATES(valid_too_early)},
    {.id = "issuer.certificate.authority-key", CERTIFICATES(of_authority_key)},
    {.id = "issuer.certificate.one-use", CERTIFICATES(for_enciphering)},
    {.id = "issuer.certificate.other-issuer", CERTIFICATES(other_issuer)},
};
MUTANT_TABLE(rows);
